// Starts the components that a page may have. Every page works without this file.
import { initAll } from "./govuk-frontend.js";

initAll();
