import { expectPromisesKept } from './keep-promises.fixture.ts';

expectPromisesKept({ from: 0, count: 250 });
