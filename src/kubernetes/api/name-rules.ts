/** What names, labels and ports may look like, and what the API says when they do not (util/validation). */

const NAME_OF_LABEL = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const DNS_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

export const tooLong = (most: number) => `must be no more than ${most} characters`
const bytesTooLong = (most: number) => `must be no more than ${most} bytes`

const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const DNS_1035_TEXT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const QUALIFIED_TEXT =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

/** Each rule gives what is wrong with the text, in the API's words; nothing when it is good. */
export type NameRule = (text: string) => readonly string[]

export const subdomain: NameRule = (text) => [
  ...(text.length > 253 ? [tooLong(253)] : []),
  ...(DNS_SUBDOMAIN.test(text) ? [] : [SUBDOMAIN_TEXT]),
]

export const dnsLabel: NameRule = (text) => [
  ...(text.length > 63 ? [tooLong(63)] : []),
  ...(DNS_LABEL.test(text) ? [] : [LABEL_TEXT]),
]

export const dns1035Label: NameRule = (text) => [
  ...(text.length > 63 ? [tooLong(63)] : []),
  ...(DNS_1035.test(text) ? [] : [DNS_1035_TEXT]),
]

export const labelValue: NameRule = (text) => [
  ...(text.length > 63 ? [bytesTooLong(63)] : []),
  ...(text === '' || NAME_OF_LABEL.test(text) ? [] : [VALUE_TEXT]),
]

/** `prefix/name`, as label keys, taint keys and resource names are. */
export const qualifiedName: NameRule = (text) => {
  const parts = text.split('/')
  if (parts.length > 2) {
    return [
      `a qualified name ${QUALIFIED_TEXT} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  }
  const problems: string[] = []
  const name = parts[parts.length - 1]!
  if (parts.length === 2) {
    if (parts[0] === '') problems.push('prefix part must be non-empty')
    else problems.push(...subdomain(parts[0]!).map((text) => `prefix part ${text}`))
  }
  if (name === '') problems.push('name part must be non-empty')
  else if (name.length > 63) problems.push(`name part ${bytesTooLong(63)}`)
  if (!NAME_OF_LABEL.test(name)) problems.push(`name part ${QUALIFIED_TEXT}`)
  return problems
}

/** Environment variables, since 1.34 any printable ASCII but `=`. */
export const envName: NameRule = (text) =>
  /^[ -<>-~]+$/.test(text)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]

/** Keys of ConfigMaps and Secrets, which become names of files. */
export const configKey: NameRule = (text) => {
  const problems: string[] = []
  if (text.length > 253) problems.push(tooLong(253))
  if (!/^[-._a-zA-Z0-9]+$/.test(text))
    problems.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    )
  if (text === '.') problems.push("must not be '.'")
  else if (text === '..') problems.push("must not be '..'")
  else if (text.startsWith('..')) problems.push("must not start with '..'")
  return problems
}

/** Names of ports: at most 15 characters, with a letter. */
export const portName: NameRule = (text) => {
  const problems: string[] = []
  if (text.length > 15) problems.push(tooLong(15))
  if (!/^[-a-z0-9]+$/.test(text))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(text)) problems.push('must contain at least one letter (a-z)')
  if (text.includes('--')) problems.push('must not contain consecutive hyphens')
  if (text.startsWith('-') || text.endsWith('-')) problems.push('must not begin or end with a hyphen')
  return problems
}

export const portNumber = (port: number): readonly string[] =>
  Number.isInteger(port) && port >= 1 && port <= 65535 ? [] : ['must be between 1 and 65535, inclusive']
