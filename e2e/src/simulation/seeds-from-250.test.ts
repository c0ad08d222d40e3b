import { expectPromisesKept } from './keep-promises.fixture.ts';

expectPromisesKept({ from: 250, count: 250 });
