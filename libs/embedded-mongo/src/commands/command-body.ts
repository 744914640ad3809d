import { isDoc, truthy, typeName, wholeNumber, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure, typeMismatch } from '../failure';

/** Options of any command that are read elsewhere, or that cannot matter on a single node. */
const COMMON: ReadonlySet<string> = new Set([
  '$db',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  '$clusterTime',
  '$readPreference',
  'readConcern',
  'writeConcern',
  'comment',
  'maxTimeMS',
  'apiVersion',
  'apiDeprecationErrors',
]);

/** Options that are known, and taken only at the value that asks for nothing. */
const NOTHING_ASKED: Readonly<Record<string, (value: Value) => boolean>> = {
  collation: (value) => isDoc(value) && value.get('locale') === 'simple',
  let: (value) => isDoc(value) && value.size === 0,
};
const FALSE_ONLY = ['tailable', 'awaitData', 'oplogReplay', 'showRecordId', 'returnKey', 'capped', 'apiStrict'];

/** The arguments of a command, or of one statement in it; whoever reads one says which type it has to be. */
export class CommandBody {
  constructor(
    readonly name: string,
    readonly fields: Doc,
  ) {}

  /** Refuses every field that is not in the list. */
  allow(known: readonly string[] | 'any'): this {
    if (known === 'any') return this;
    for (const [field, value] of this.fields) {
      if (field === this.name || COMMON.has(field) || known.includes(field)) continue;
      if (FALSE_ONLY.includes(field) && !truthy(value)) continue;
      if (NOTHING_ASKED[field]?.(value)) continue;
      const supported = FALSE_ONLY.includes(field) || field in NOTHING_ASKED;
      throw new CommandFailure(
        supported ? 72 : 40415,
        supported
          ? `the option '${field}' of ${this.name} is not supported`
          : `BSON field '${this.name}.${field}' is an unknown field.`,
      );
    }
    return this;
  }

  get(field: string): Value | undefined {
    return this.fields.get(field);
  }

  text(field: string): string {
    const value = this.fields.get(field);
    if (typeof value !== 'string') throw this.wrongType(field, 'string');
    return value;
  }

  flag(field: string, otherwise = false): boolean {
    const value = this.fields.get(field);
    return value === undefined || value === null ? otherwise : truthy(value);
  }

  document(field: string): Doc {
    const value = this.fields.get(field) ?? new Map();
    if (!isDoc(value)) throw this.wrongType(field, 'object');
    return value;
  }

  documents(field: string): Doc[] {
    const value = this.fields.get(field);
    if (!Array.isArray(value)) throw this.wrongType(field, 'array');
    return value.map((item) => {
      if (!isDoc(item)) throw this.wrongType(field, 'object');
      return item;
    });
  }

  /** A whole number that is not negative. */
  count(field: string): number | undefined {
    const value = this.fields.get(field);
    if (value === undefined || value === null) return undefined;
    const whole = wholeNumber(value);
    if (whole === undefined) throw this.wrongType(field, 'number');
    if (whole < 0) throw new CommandFailure(51024, `BSON field '${field}' value must be >= 0, actual value '${whole}'`);
    return whole;
  }

  private wrongType(field: string, expected: string): CommandFailure {
    const value = this.fields.get(field);
    if (value === undefined)
      return new CommandFailure(40414, `BSON field '${this.name}.${field}' is missing but a required field`);
    return typeMismatch(
      `BSON field '${this.name}.${field}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
    );
  }
}

const READ_CONCERNS = ['local', 'majority', 'available', 'linearizable'];

/** Refuses concerns that a single node cannot meet. */
export function checkConcerns(body: CommandBody, inTransaction: boolean): void {
  const level = body.document('readConcern').get('level') ?? 'local';
  if (typeof level !== 'string' || !(READ_CONCERNS.includes(level) || (level === 'snapshot' && inTransaction))) {
    throw new CommandFailure(72, `the read concern '${String(level)}' is not supported here`);
  }
  const nodes = wholeNumber(body.document('writeConcern').get('w'));
  if (nodes !== undefined && nodes > 1) throw new CommandFailure(100, 'Not enough data-bearing nodes');
  if (nodes !== undefined && nodes < 0) throw badValue('w has to be a non-negative number');
}
