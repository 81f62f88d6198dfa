/** Makes a mark tell what it is: to a screen reader, and to the keyboard and the click that choose its key. */
export function faceMark(
  mark: SVGGElement,
  { key, title }: { readonly key: string; readonly title: string },
  selected: boolean,
): void {
  mark.setAttribute('aria-label', title)
  mark.setAttribute('aria-pressed', String(selected))
  mark.setAttribute('data-key', key)
}
