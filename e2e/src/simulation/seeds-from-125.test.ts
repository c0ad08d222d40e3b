import { expectPromisesKept } from './keep-promises.ts';

expectPromisesKept({ from: 125, count: 125 });
