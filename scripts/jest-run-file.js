// What jest calls for each file of tests. Jest would load the file and all that it imports into a realm of its own, module by module
// and anew for every file; here Node itself loads them, once for each worker, as it loads them in production.
import circus from 'jest-circus/runner';
import { createRequire, flushCompileCache, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { setGlobals } from './jest-globals.js';

const require = createRequire(import.meta.url);
const globals = new URL('jest-globals.js', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    return specifier === '@jest/globals' ? { url: globals, shortCircuit: true } : next(specifier, context);
  },
});

/** Runs one file, with jest's own circus. It has the process's variables and console for itself. */
export default async function runFile(...given) {
  const [globalConfig, config, environment, , testPath, report] = given;
  const variables = { ...process.env };
  const console = globalThis.console;
  globalThis.console = environment.global.console;
  try {
    return await circus.default(globalConfig, config, environment, nativeRuntime, testPath, report);
  } finally {
    globalThis.console = console;
    restoreVariables(variables);
    forgetTests();
    // Jest may end its workers harder than Node likes to write it.
    flushCompileCache();
  }
}

/** The part of jest's runtime that circus asks. */
const nativeRuntime = {
  // Circus keeps the tests of a file in its modules: every file has a circus of its own.
  requireInternalModule(path) {
    delete require.cache[path];
    return require(path);
  },
  requireModule: require,
  setGlobalsForRuntime: setGlobals,
  unstable_shouldLoadAsEsm: () => true,
  unstable_importModule: (path) => import(pathToFileURL(path).href),
  enterTestCode() {},
  leaveTestCode() {},
};

function restoreVariables(variables) {
  for (const name of Object.keys(process.env)) {
    if (!(name in variables)) delete process.env[name];
  }
  Object.assign(process.env, variables);
}

/** Takes from the global object what circus left there: it holds all tests of the file and whatever they hold. */
function forgetTests() {
  delete globalThis[Symbol.for('EVENT_HANDLERS')];
  for (const symbol of Object.getOwnPropertySymbols(globalThis)) {
    if (symbol.description === 'JEST_STATE_SYMBOL') delete globalThis[symbol];
  }
}
