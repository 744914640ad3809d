/**
 * `emitDecoratorMetadata` writes the type of a decorated parameter down as a value. A type-only import, or an interface,
 * leaves nothing to write: Nest then injects or validates nothing, silently.
 */
import ts from 'typescript';

/** Decorators that hand over a whole object, which the ValidationPipe checks against its class. */
const VALIDATED = new Set(['Body', 'Query', 'MessageBody']);

const isTypeOnly = (specifier) => specifier.importKind === 'type' || specifier.parent.importKind === 'type';
const calls = (decorators) =>
  decorators.map(({ expression }) => expression).filter(({ type }) => type === 'CallExpression');

/** `@Body()` takes the whole object, `@Body('name')` one field of it. */
const takesWholeObject = (decorators) =>
  calls(decorators).some((call) => VALIDATED.has(call.callee.name) && call.arguments[0]?.type !== 'Literal');

/** `@Inject(TOKEN)` and `@InjectModel(…)` say themselves what is wanted. */
const namesItsToken = (decorators) => calls(decorators).some((call) => call.callee.name?.startsWith('Inject'));

function nameOf(annotation) {
  const type = annotation?.typeAnnotation;
  return type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? type.typeName : undefined;
}

/** A parameter's own node: `private readonly x: X` and `x: X = …` wrap it. */
function bare(parameter) {
  if (parameter.type === 'TSParameterProperty') return bare(parameter.parameter);
  return parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
}

function isImportedAsType(sourceCode, name) {
  let scope = sourceCode.getScope(name);
  while (scope && !scope.set.has(name.name)) scope = scope.upper;
  return scope?.set.get(name.name).defs.some((def) => def.type === 'ImportBinding' && isTypeOnly(def.node)) ?? false;
}

function isClass({ program, getSymbolAtLocation }, name) {
  const symbol = getSymbolAtLocation(name);
  const isAlias = symbol && (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const target = isAlias ? program.getTypeChecker().getAliasedSymbol(symbol) : symbol;
  return target !== undefined && (target.flags & ts.SymbolFlags.Class) !== 0;
}

function problemOf(sourceCode, name, decorators) {
  if (namesItsToken(decorators)) return undefined;
  if (isClass(sourceCode.parserServices, name)) return isImportedAsType(sourceCode, name) ? 'typeOnly' : undefined;
  return takesWholeObject(decorators) ? 'noClass' : undefined;
}

const noErasedMetadata = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      typeOnly: '`{{name}}` is imported as a type only, so its metadata is erased: import the class itself.',
      noClass: '`{{name}}` is no class, so nothing validates this parameter: give it a DTO.',
    },
  },
  create({ sourceCode, report }) {
    const check = ({ typeAnnotation }, decorators = []) => {
      const node = nameOf(typeAnnotation);
      const messageId = node && problemOf(sourceCode, node, decorators);
      if (messageId) report({ node, messageId, data: { name: node.name } });
    };
    return {
      'PropertyDefinition[decorators.length>0]': (property) => check(property, property.decorators),
      MethodDefinition({ kind, parent, value }) {
        const isInjected = kind === 'constructor' && parent.parent.decorators?.length > 0;
        for (const parameter of value.params) {
          if (isInjected || parameter.decorators?.length > 0) check(bare(parameter), parameter.decorators);
        }
      },
    };
  },
};

export default { rules: { 'no-erased-metadata': noErasedMetadata } };
