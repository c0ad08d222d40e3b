// The surroundings of a file of tests: none of its own. Jest wants a class.
export default class NativeEnvironment {
  global = {};
  moduleMocker = { restoreAllMocks() {} };

  async setup() {}

  async teardown() {}

  getVmContext() {
    return null;
  }
}
