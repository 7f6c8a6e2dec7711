// Says, before the page is drawn, that scripts run here: the style sheets show the scripted form of a component.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");
