export const header = {
  home: 'Drydock, start page',
  lessons: (topic: string, title: string) => `Lessons and sessions; this is ${topic} / ${title}`,
  labs: { docker: 'Docker', swarm: 'Swarm', kubernetes: 'Kubernetes', both: 'Docker and Kubernetes' },
  search: 'Search',
  find: 'Find a pod, a machine, a command',
  lesson: 'Lesson',
  present: 'Present',
  help: 'Help: keys and legend',
  lightTheme: 'Light theme',
  darkTheme: 'Dark theme',
  share: 'Share this moment',
  linkCopied: 'Link copied',
  momentCopied: 'The link to this moment is copied.',
  labCopied: 'This run is too long for an address: the link leads to the lab only.',
  inAddressBar: 'The link to this moment is in the address bar.',
}

export const faults = {
  title: 'Break something',
  question: 'What shall break?',
  /** A fault, and what of a thing it breaks: a pod's container. */
  of: (fault: string, part: string) => `${fault} of ${part}`,
  none: (name: string) => `Nothing about ${name} can be broken on purpose. Choose a machine or a pod.`,
  heal: 'Heal',
  healThis: (fault: string) => `Heal ${fault}`,
  since: (clock: string) => `since ${clock}`,
}
