import type { RowRange } from './row-window';
import { isSameRow, type Row, type Rows } from './rows';

/** A row and its number. */
export interface NumberedRow {
  number: number;
  row: Row;
}

/** Makes the rows to render. What has not changed since the last time stays the same object, and is not rendered anew. */
export class RowMemory {
  #known = new Map<string, NumberedRow>();

  make(rows: Rows, { first, end }: RowRange): readonly NumberedRow[] {
    const made = Array.from({ length: end - first }, (_, at) => this.#make(rows, first + at)).filter(isThere);
    this.#known = new Map(made.map((one) => [one.row.key, one]));
    return made;
  }

  #make(rows: Rows, number: number): NumberedRow | undefined {
    const row = rows.at(number);
    if (!row) return undefined;
    const known = this.#known.get(row.key);
    if (!known || !isSameRow(known.row, row)) return { number, row };
    return known.number === number ? known : { number, row: known.row };
  }
}

function isThere(one: NumberedRow | undefined): one is NumberedRow {
  return one !== undefined;
}
