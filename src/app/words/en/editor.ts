import { number, plural } from './grammar'

export const editor = {
  files: 'Files',
  nameOfNew: 'Name of the new file',
  newName: 'name.yaml',
  newFile: 'New file',
  addFiles: 'Add files',
  addFolder: 'Add a folder',
  none: 'No files here yet. Make one, or drop or paste some: files, folders, or a text.',
  saved: 'saved',
  unsaved: 'not saved yet',
  saveAndApply: 'Save and apply',
  save: 'Save',
  delete: (path: string) => `Delete ${path}`,
  textOf: (path: string) => `Text of ${path}`,
  refusedByBuilder: (line: number) => `the builder refuses it: line ${line}`,
  refusedByApi: (line: number) => `the API refuses it: line ${line}`,
  takenByBuilder: 'the builder takes it',
  takenByApi: 'the API takes it',
  takenWithWarnings: (count: number) =>
    `the builder takes it, with ${number(count)} ${plural(count, { one: 'warning', other: 'warnings' })}`,
  notInFull: (count: number) =>
    `${number(count)} ${plural(count, { one: 'field is', other: 'fields are' })} not modelled in full`,
}
