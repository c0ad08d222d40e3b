import { expectPromisesKept } from './keep-promises.ts';

expectPromisesKept({ from: 375, count: 125 });
