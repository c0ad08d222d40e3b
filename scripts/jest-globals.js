// Stands in for '@jest/globals'. What modules import stays theirs for many files of tests, so every call goes to the present one.
let present = {};

/** From now on the functions of this module are these. */
export function setGlobals(globals) {
  present = globals;
}

export const afterAll = forward('afterAll');
export const afterEach = forward('afterEach');
export const beforeAll = forward('beforeAll');
export const beforeEach = forward('beforeEach');
export const describe = forward('describe');
export const expect = forward('expect');
export const it = forward('it');
export const test = forward('test');

function forward(name) {
  return new Proxy(() => {}, {
    apply: (_target, _self, args) => present[name](...args),
    get: (_target, key) => present[name][key],
  });
}
