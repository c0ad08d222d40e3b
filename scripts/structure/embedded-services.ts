import { listServices, readOptional, type Rule } from './tree.ts';

const starter = 'apps/cli/src/up/start-services.ts';

/** The embedded form starts every service. */
export const embeddedServices: Rule = (tree) => {
  const text = readOptional(tree, starter) ?? '';
  const missing = listServices(tree).filter((name) => !text.includes(`'@orchestra/${name}'`));
  return missing.map((name) => `${starter}: does not start ${name}`);
};
