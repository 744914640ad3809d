import { isDoc, typeName, type Doc, type Value } from '../bson/values';
import { CommandFailure } from '../failure';
import { compileExpression } from '../expression/compile';
import type { Variables } from '../expression/expression';
import { parseProjection, placeShape } from '../projection/projection';
import { emptyTree, reshape, type Tree } from '../projection/shape';
import { splitPath, type Path } from '../query/predicate';
import type { DocumentStage } from './stage';

type Parser = (argument: Value, variables: Variables | undefined) => DocumentStage;

/** The stages that look at one document at a time; those of them that an update may use are marked. */
export const DOCUMENT_STAGES: ReadonlyMap<string, { parse: Parser; inUpdates: boolean }> = new Map([
  ['$project', { parse: project, inUpdates: true }],
  ['$addFields', { parse: addFields, inUpdates: true }],
  ['$set', { parse: addFields, inUpdates: true }],
  ['$unset', { parse: unset, inUpdates: true }],
  ['$replaceRoot', { parse: replaceRoot, inUpdates: true }],
  ['$replaceWith', { parse: replaceWith, inUpdates: true }],
]);

function project(argument: Value, variables: Variables | undefined): DocumentStage {
  const projection = parseProjection(argument, '$project')!;
  return (document) => projection(document, variables);
}

function addFields(argument: Value, variables: Variables | undefined): DocumentStage {
  if (!isDoc(argument) || argument.size === 0)
    throw new CommandFailure(40272, '$addFields specification stage must be an object with at least one field');
  const tree = emptyTree();
  addShapes(tree, [], argument);
  return (document) => reshape(document, tree, true, { root: document, variables });
}

function addShapes(tree: Tree, path: Path, fields: Doc): void {
  for (const [name, value] of fields) {
    const at = [...path, ...splitPath(name)];
    if (at.includes('') || at.some((part) => part.startsWith('$')))
      throw new CommandFailure(16410, `FieldPath field names may not be empty or start with '$': '${name}'`);
    const nested = isDoc(value) && value.size > 0 && !value.keys().next().value!.startsWith('$');
    if (nested) addShapes(tree, at, value);
    else placeShape(tree, at, { kind: 'compute', expression: compileExpression(value) });
  }
}

function unset(argument: Value): DocumentStage {
  const names = Array.isArray(argument) ? argument : [argument];
  if (names.length === 0 || names.some((name) => typeof name !== 'string'))
    throw new CommandFailure(31002, '$unset specification must be a string or an array of strings');
  const projection = parseProjection(new Map(names.map((name) => [name as string, 0])), '$project')!;
  return (document) => projection(document);
}

function replaceRoot(argument: Value, variables: Variables | undefined): DocumentStage {
  if (!isDoc(argument) || argument.size !== 1 || !argument.has('newRoot'))
    throw new CommandFailure(40229, 'expected an object as specification for $replaceRoot stage, with newRoot');
  return replaceWith(argument.get('newRoot')!, variables);
}

function replaceWith(argument: Value, variables: Variables | undefined): DocumentStage {
  const expression = compileExpression(argument);
  return (document) => {
    const value = expression({ root: document, variables });
    if (!isDoc(value))
      throw new CommandFailure(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was of type ${typeName(value)}`,
      );
    return value;
  };
}
