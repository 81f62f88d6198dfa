import { useEffect } from 'react'
import type { Desk } from '../desk/desk'
import { useDesk } from '../desk/use-desk'

/** Keys of the whole page. Where text is typed they are left alone. */
export function useKeys(): void {
  const desk = useDesk()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const deed = deedOf(event, desk)
      if (!deed) return
      event.preventDefault()
      deed()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [desk])
}

function deedOf(event: KeyboardEvent, desk: Desk): (() => void) | undefined {
  const onButton = (event.target as HTMLElement | null)?.closest?.('button, a, select, [role="tab"]') != null
  switch (event.key) {
    case ' ':
      return onButton ? undefined : () => desk.toggle()
    case 'ArrowRight':
    case 'PageDown':
      return () => void desk.nextChange()
    case 'ArrowLeft':
    case 'PageUp':
      return () => desk.previousChange()
    case ']':
      return () => desk.toMarker(1)
    case '[':
      return () => desk.toMarker(-1)
    case '.':
      return () => desk.faster(1)
    case ',':
      return () => desk.faster(-1)
    case '+':
    case '=':
      return () => desk.zoom(1)
    case '-':
      return () => desk.zoom(-1)
    case '0':
      return () => desk.zoom(0)
    case '/':
      return () => desk.set({ dialog: 'search' })
    case '?':
      return () => desk.set({ dialog: 'help' })
    case 'p':
      return () => desk.set({ presenting: !desk.state.presenting })
    case 't':
      return () => {
        desk.set({ dock: 'terminal' })
        document.dispatchEvent(new Event('drydock:terminal'))
      }
    case 'Escape':
      return () => (desk.state.presenting ? desk.set({ presenting: false }) : desk.select(undefined))
    default:
      return undefined
  }
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  // Monaco takes keys in an element that is neither a field nor editable by itself.
  const field = 'input:not([type="range"]), textarea, select, [role="textbox"]'
  return (
    target.isContentEditable ||
    target.matches(field) ||
    target.closest('.monaco-editor, dialog, [role="dialog"]') !== null
  )
}
