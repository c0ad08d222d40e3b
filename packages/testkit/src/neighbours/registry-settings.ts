/** Where Apicurio answers as a Confluent-compatible registry. */
export const registryPath = '/apis/ccompat/v7';

/** What every registry of ours is started with, as Java properties. */
export const registrySettings = {
  // Without this the global level is NONE, and nothing would ever be refused.
  'apicurio.rules.global.compatibility': 'FULL_TRANSITIVE',
  'apicurio.datasource.jdbc.initial-size': '1',
  'apicurio.datasource.jdbc.min-size': '1',
  'apicurio.datasource.jdbc.max-size': '8',
};
