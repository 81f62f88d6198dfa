// Only what an editor of manifests, Dockerfiles and scripts needs: the whole package brings eighty languages.
import 'monaco-editor/features/bracketMatching/register.js'
import 'monaco-editor/features/clipboard/register.js'
import 'monaco-editor/features/codeEditor/register.js'
import 'monaco-editor/features/codicon/register.js'
import 'monaco-editor/features/comment/register.js'
import 'monaco-editor/features/contextmenu/register.js'
import 'monaco-editor/features/cursorUndo/register.js'
import 'monaco-editor/features/find/register.js'
import 'monaco-editor/features/folding/register.js'
import 'monaco-editor/features/format/register.js'
import 'monaco-editor/features/gotoError/register.js'
import 'monaco-editor/features/hover/register.js'
import 'monaco-editor/features/indentation/register.js'
import 'monaco-editor/features/lineSelection/register.js'
import 'monaco-editor/features/linesOperations/register.js'
import 'monaco-editor/features/links/register.js'
import 'monaco-editor/features/multicursor/register.js'
import 'monaco-editor/features/quickCommand/register.js'
import 'monaco-editor/features/quickHelp/register.js'
import 'monaco-editor/features/smartSelect/register.js'
import 'monaco-editor/features/snippet/register.js'
// its own entry point brings the suggestions in grey only, not the list
import 'monaco-editor/editor/contrib/suggest/browser/suggestController.js'
import 'monaco-editor/features/toggleTabFocusMode/register.js'
import 'monaco-editor/features/wordHighlighter/register.js'
import 'monaco-editor/features/wordOperations/register.js'
import 'monaco-editor/languages/definitions/yaml/register.js'
import 'monaco-editor/languages/definitions/dockerfile/register.js'
import 'monaco-editor/languages/definitions/shell/register.js'
import 'monaco-editor/languages/definitions/javascript/register.js'
import 'monaco-editor/languages/definitions/python/register.js'
import 'monaco-editor/languages/definitions/ini/register.js'
import * as monaco from 'monaco-editor/editor/editor.api.js'
import EditorWorker from 'monaco-editor/editor/editor.worker.js?worker'
import { configureMonacoYaml } from 'monaco-yaml'
import YamlWorker from 'monaco-yaml/yaml.worker.js?worker'
import type { Explanation, Proposal } from '../../docker/dockerfile'
import { lateWords } from '../words/late'

export interface EditorOptions {
  readonly path: string
  readonly text: string
  readonly changed: (text: string) => void
  readonly save: () => void
  /** For completion and hovering; asked for once. */
  readonly schema: () => Promise<object>
  /** What may stand at a place of a Dockerfile, and what does; line and column from 1. */
  readonly dockerfile: DockerfileHelp
  /** What is wrong with the text, or not modelled; undefined: it is no text that anybody judges. */
  readonly check: ((text: string) => Promise<readonly Remark[]>) | undefined
}

export interface DockerfileHelp {
  proposals(text: string, line: number, column: number): Promise<readonly Proposal[]>
  explanation(text: string, line: number, column: number): Promise<Explanation | undefined>
}

/** A line that something is to be said of. */
export interface Remark {
  readonly line: number
  readonly text: string
  readonly tone: 'wrong' | 'warning' | 'note'
}

/** A pause in typing after which the text is looked at. */
const PAUSE_MILLIS = 300
const OWNER = 'drydock'
/** Models of manifests are kept apart from other YAML, which the schema is not for: patterns know no exceptions. */
const MANIFESTS = '/manifests/'

let prepared = false

function prepare({ schema, dockerfile }: EditorOptions): void {
  if (prepared) return
  prepared = true
  helpWithDockerfiles(dockerfile)
  self.MonacoEnvironment = { getWorker: () => new EditorWorker() }
  try {
    // Drydock itself judges the text, in the words of the API; the schema is for completion and hovering
    const options = {
      enableSchemaRequest: false,
      isKubernetes: true,
      validate: false,
      completion: true,
      hoverAnchor: false,
    }
    const yaml = configureMonacoYaml(withYamlWorker(), { ...options, schemas: [] })
    void schema().then((found) =>
      yaml.update({
        ...options,
        schemas: [{ uri: 'drydock:/manifests.json', fileMatch: [`${MANIFESTS}*`], schema: found as never }],
      }),
    )
  } catch {
    // Where no worker may be started (a sandboxed frame) there is colour, but no hints.
  }
}

const proposalKinds: Readonly<Record<Proposal['kind'], monaco.languages.CompletionItemKind>> = {
  instruction: monaco.languages.CompletionItemKind.Keyword,
  flag: monaco.languages.CompletionItemKind.Property,
  value: monaco.languages.CompletionItemKind.Value,
  stage: monaco.languages.CompletionItemKind.Reference,
  image: monaco.languages.CompletionItemKind.Module,
  variable: monaco.languages.CompletionItemKind.Variable,
}

function helpWithDockerfiles(help: DockerfileHelp): void {
  monaco.languages.registerCompletionItemProvider('dockerfile', {
    triggerCharacters: ['-', '$', '{', '=', ' '],
    async provideCompletionItems(model, { lineNumber, column }) {
      const proposals = await help.proposals(model.getValue(), lineNumber, column)
      const before = model.getLineContent(lineNumber).slice(0, column - 1)
      // the word before the cursor is replaced; of `--from=build` the part behind the sign
      const word = /(--[\w-]*|[\w./:-]*)$/.exec(before)![0]
      const range = new monaco.Range(lineNumber, column - word.length, lineNumber, column)
      return {
        suggestions: proposals.map(({ label, kind, about, insert }) => ({
          label,
          kind: proposalKinds[kind],
          documentation: { value: about },
          insertText: insert,
          range,
        })),
      }
    },
  })
  monaco.languages.registerHoverProvider('dockerfile', {
    async provideHover(model, { lineNumber, column }) {
      const found = await help.explanation(model.getValue(), lineNumber, column)
      return (
        found && {
          contents: [{ value: found.text }],
          range: new monaco.Range(lineNumber, found.from, lineNumber, found.to),
        }
      )
    },
  })
}

/**
 * monaco-yaml 5.5 asks Monaco to make its worker from a module's name, which Monaco no longer does since 0.53: it wants
 * the worker itself. This stands between: it starts the worker, tells it who it is, and hands it over.
 */
function withYamlWorker(): typeof monaco {
  const create = (options: { label?: string; createData?: unknown }) => {
    const worker = new YamlWorker({ name: options.label ?? 'yaml' })
    worker.postMessage('ignore')
    worker.postMessage(options.createData)
    return monaco.editor.createWebWorker({ worker: Promise.resolve(worker) } as never)
  }
  return { ...monaco, editor: { ...monaco.editor, createWebWorker: create as never } }
}

const languages: readonly (readonly [RegExp, string])[] = [
  [/\.ya?ml$/, 'yaml'],
  [/(^|\/)Dockerfile[^/]*$|\.[Dd]ockerfile$/, 'dockerfile'],
  [/\.json$/, 'javascript'],
  [/\.sh$/, 'shell'],
  [/\.m?[jt]s$/, 'javascript'],
  [/\.py$/, 'python'],
  [/(^|\/)\.env$|\.(conf|ini|env)$/, 'ini'],
]

/** Monaco's own colours on the page's ground. */
function themeOf(element: HTMLElement, dark: boolean): string {
  const name = dark ? 'drydock-dark' : 'drydock-light'
  const [red = 0, green = 0, blue = 0] = (getComputedStyle(element).backgroundColor.match(/\d+/g) ?? []).map(Number)
  const ground = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
  const colors = { 'editor.background': ground, 'editorGutter.background': ground }
  monaco.editor.defineTheme(name, { base: dark ? 'vs-dark' : 'vs', inherit: true, rules: [], colors })
  return name
}

/** An editor in the element; its colours follow the page's tokens at the time it opens. */
export function openEditor(element: HTMLElement, options: EditorOptions): { set(text: string): void; end(): void } {
  prepare(options)
  const dark =
    getComputedStyle(element).colorScheme.startsWith('dark') ||
    (getComputedStyle(document.documentElement).colorScheme === 'light dark' &&
      matchMedia('(prefers-color-scheme: dark)').matches)
  const language = languages.find(([pattern]) => pattern.test(options.path))?.[1] ?? 'plaintext'
  const model = monaco.editor.createModel(
    options.text,
    language,
    monaco.Uri.file(`${language === 'yaml' && options.check ? MANIFESTS : '/'}${options.path}`),
  )
  const editor = monaco.editor.create(element, {
    model,
    theme: themeOf(element, dark),
    automaticLayout: true,
    minimap: { enabled: false },
    fontFamily: getComputedStyle(element).getPropertyValue('--mono'),
    fontSize: 13,
    lineHeight: 20,
    tabSize: 2,
    scrollBeyondLastLine: false,
    renderLineHighlight: 'line',
    overviewRulerLanes: 0,
    padding: { top: 10, bottom: 10 },
    tabFocusMode: false,
    ariaLabel: lateWords.editor.textOf(options.path),
    fixedOverflowWidgets: true,
  })
  let quiet = false
  let pause: ReturnType<typeof setTimeout> | undefined
  const look = async () => {
    const version = model.getVersionId()
    const remarks = (await options.check?.(model.getValue())) ?? []
    if (model.isDisposed() || model.getVersionId() !== version) return
    monaco.editor.setModelMarkers(
      model,
      OWNER,
      remarks.map((remark) => marker(model, remark)),
    )
  }
  void look()
  model.onDidChangeContent(() => {
    clearTimeout(pause)
    pause = setTimeout(() => void look(), PAUSE_MILLIS)
    if (!quiet) options.changed(model.getValue())
  })
  editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, options.save)
  return {
    set: (text) => {
      quiet = true
      model.setValue(text)
      quiet = false
    },
    end: () => {
      clearTimeout(pause)
      editor.dispose()
      model.dispose()
    },
  }
}

const severities: Readonly<Record<Remark['tone'], monaco.MarkerSeverity>> = {
  wrong: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  note: monaco.MarkerSeverity.Info,
}

function marker(model: monaco.editor.ITextModel, { line, text, tone }: Remark): monaco.editor.IMarkerData {
  const at = Math.min(Math.max(1, line), model.getLineCount())
  return {
    severity: severities[tone],
    message: text,
    startLineNumber: at,
    endLineNumber: at,
    startColumn: model.getLineFirstNonWhitespaceColumn(at) || 1,
    endColumn: model.getLineMaxColumn(at),
  }
}
