import { expectPromisesKept } from './keep-promises.ts';

expectPromisesKept({ from: 0, count: 125 });
