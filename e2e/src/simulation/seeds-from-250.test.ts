import { expectPromisesKept } from './keep-promises.ts';

expectPromisesKept({ from: 250, count: 125 });
