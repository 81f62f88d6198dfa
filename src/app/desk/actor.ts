/** Who did what a sentence of the model tells; it stands before the sentence, in the model's language. */
export const actorOf = ({ by }: { readonly by: string }): string => (by === 'you' ? 'You' : by)
