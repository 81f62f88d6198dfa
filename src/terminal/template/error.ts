/** Why a template cannot be read or executed, in text/template's words. */
export class TemplateError extends Error {}
