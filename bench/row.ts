/** A line of a table: a label, and cells to the right of it. */
export function row(label: string, cells: readonly string[]): string {
  return label.padEnd(46) + cells.map((cell) => cell.padStart(14)).join('')
}
