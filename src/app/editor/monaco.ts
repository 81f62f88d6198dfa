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
import 'monaco-editor/features/suggest/register.js'
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

export interface EditorOptions {
  readonly path: string
  readonly text: string
  readonly changed: (text: string) => void
  readonly save: () => void
}

let prepared = false

function prepare(): void {
  if (prepared) return
  prepared = true
  self.MonacoEnvironment = { getWorker: () => new EditorWorker() }
  try {
    configureMonacoYaml(withYamlWorker(), { enableSchemaRequest: false, schemas: [], isKubernetes: true })
  } catch {
    // Where no worker may be started (a sandboxed frame) there is colour, but no hints.
  }
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
  [/(^|\/)Dockerfile[^/]*$/, 'dockerfile'],
  [/\.json$/, 'javascript'],
  [/\.sh$/, 'shell'],
  [/\.m?[jt]s$/, 'javascript'],
  [/\.py$/, 'python'],
  [/(^|\/)\.env$|\.(conf|ini|env)$/, 'ini'],
]

/** An editor in the element; its colours follow the page's tokens at the time it opens. */
export function openEditor(element: HTMLElement, options: EditorOptions): { set(text: string): void; end(): void } {
  prepare()
  const dark =
    getComputedStyle(element).colorScheme.startsWith('dark') ||
    (getComputedStyle(document.documentElement).colorScheme === 'light dark' &&
      matchMedia('(prefers-color-scheme: dark)').matches)
  const language = languages.find(([pattern]) => pattern.test(options.path))?.[1] ?? 'plaintext'
  const model = monaco.editor.createModel(options.text, language, monaco.Uri.file(`/${options.path}`))
  const editor = monaco.editor.create(element, {
    model,
    theme: dark ? 'vs-dark' : 'vs',
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
    ariaLabel: `Text of ${options.path}`,
    fixedOverflowWidgets: true,
  })
  let quiet = false
  model.onDidChangeContent(() => !quiet && options.changed(model.getValue()))
  editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, options.save)
  return {
    set: (text) => {
      quiet = true
      model.setValue(text)
      quiet = false
    },
    end: () => {
      editor.dispose()
      model.dispose()
    },
  }
}
