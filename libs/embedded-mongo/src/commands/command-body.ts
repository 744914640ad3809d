import { isDoc, isNumeric, toNumber, truthy, typeName, wholeNumber, type Doc, type Value } from '../bson/values';
import { badValue, CommandFailure, typeMismatch } from '../failure';

/** Options of any command: read elsewhere, or without a meaning on a single node. */
const COMMON: ReadonlySet<string> = new Set([
  ...['$db', 'lsid', 'txnNumber', 'autocommit', 'startTransaction', '$clusterTime', '$readPreference'],
  ...['readConcern', 'writeConcern', 'comment', 'apiVersion', 'apiDeprecationErrors'],
]);

const NOTHING: Doc = new Map();

/** The arguments of a command, or of one statement in it; whoever reads one says which type it has to be. */
export class CommandBody {
  constructor(
    readonly name: string,
    readonly fields: Doc,
  ) {}

  /** Refuses every field that is not in the list. */
  allow(known: readonly string[] | 'any'): this {
    if (known === 'any') return this;
    for (const field of this.fields.keys())
      if (field !== this.name && !COMMON.has(field) && !known.includes(field))
        throw new CommandFailure(40415, `the field '${field}' of ${this.name} is unknown, or not supported`);
    return this;
  }

  get(field: string): Value | undefined {
    return this.fields.get(field);
  }

  /** The collection that the command is about: the value of its first field. */
  get collection(): string {
    const name = this.fields.get(this.name);
    if (typeof name !== 'string' || name === '')
      throw new CommandFailure(73, `${this.name} needs the name of a collection, not one of type ${typeName(name)}`);
    return name;
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
    const value = this.fields.get(field) ?? NOTHING;
    if (!isDoc(value)) throw this.wrongType(field, 'object');
    return value;
  }

  list(field: string): Value[] {
    const value = this.fields.get(field);
    if (!Array.isArray(value)) throw this.wrongType(field, 'array');
    return value;
  }

  documents(field: string): Doc[] {
    const value = this.list(field);
    if (!value.every(isDoc)) throw this.wrongType(field, 'array');
    return value;
  }

  /** A whole number that is not negative. */
  count(field: string): number | undefined {
    const value = this.fields.get(field);
    if (value === undefined || value === null) return undefined;
    const whole = isNumeric(value) ? Math.trunc(toNumber(value)) : Number.NaN;
    if (Number.isNaN(whole)) throw this.wrongType(field, 'number');
    if (whole < 0) throw new CommandFailure(51024, `BSON field '${field}' value must be >= 0, actual value '${whole}'`);
    return whole;
  }

  private wrongType(field: string, expected: string): CommandFailure {
    const value = this.fields.get(field);
    const name = `BSON field '${this.name}.${field}'`;
    if (value === undefined) return new CommandFailure(40414, `${name} is missing but a required field`);
    return typeMismatch(`${name} is the wrong type '${typeName(value)}', expected type '${expected}'`);
  }
}

const READ_CONCERNS = ['local', 'majority', 'available', 'linearizable'];

/** Refuses concerns that a single node cannot meet. */
export function checkConcerns(body: CommandBody, inTransaction: boolean): void {
  const level = body.document('readConcern').get('level') ?? 'local';
  if (typeof level !== 'string' || !(READ_CONCERNS.includes(level) || (level === 'snapshot' && inTransaction)))
    throw new CommandFailure(72, `the read concern '${String(level)}' is not supported here`);
  const nodes = wholeNumber(body.document('writeConcern').get('w')) ?? 1;
  if (nodes > 1) throw new CommandFailure(100, 'Not enough data-bearing nodes');
  if (nodes < 0) throw badValue('w has to be a non-negative number');
}
