const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Arrows go to the nearest mark that way, Enter and Space choose, Escape lets go, Home and End take the first and last. */
export function walk(svg: SVGSVGElement, event: KeyboardEvent, choose: (key: string | undefined) => void): void {
  const here = (event.target as Element).closest<SVGElement>('.mark')
  if (!here || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Enter' || event.key === ' ') choose(here.getAttribute('data-key') ?? undefined)
  else if (event.key === 'Escape') choose(undefined)
  else {
    const next = nextMark(svg, here, event.key)
    if (!next) return
    here.setAttribute('tabindex', '-1')
    next.setAttribute('tabindex', '0')
    next.focus()
  }
  event.preventDefault()
  event.stopPropagation()
}

function nextMark(svg: SVGSVGElement, here: SVGElement, key: string): SVGElement | undefined {
  const marks = [...svg.querySelectorAll<SVGElement>('.mark')]
  if (key === 'Home') return marks[0]
  if (key === 'End') return marks[marks.length - 1]
  const step = steps[key]
  if (!step) return undefined
  const from = middleOf(here)
  let best: { mark: SVGElement; cost: number } | undefined
  for (const mark of marks) {
    if (mark === here) continue
    const to = middleOf(mark)
    const ahead = (to[0] - from[0]) * step[0] + (to[1] - from[1]) * step[1]
    const aside = Math.abs((to[0] - from[0]) * step[1]) + Math.abs((to[1] - from[1]) * step[0])
    if (ahead < 4) continue
    const cost = ahead + aside * 2.2
    if (!best || cost < best.cost) best = { mark, cost }
  }
  return best?.mark
}

function middleOf(mark: SVGElement): [number, number] {
  const box = (mark.querySelector('.base, .box, .disc, .row-hit, .chip') ?? mark).getBoundingClientRect()
  return [box.x + box.width / 2, box.y + Math.min(box.height / 2, 24)]
}
