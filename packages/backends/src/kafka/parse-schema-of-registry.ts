/**
 * Takes the plain schema out of what the registry's client compiled of it.
 *
 * @throws TypeError when it is no record or other schema in the form of an object
 */
export function parseSchemaOfRegistry(compiled: object): object {
  // The client keeps compiled schemas of its own avsc; as JSON they fit ours, whichever copy that is.
  const schema: unknown = JSON.parse(JSON.stringify(compiled));
  if (typeof schema !== 'object' || schema === null) throw new TypeError('The schema is no object');
  return schema;
}
