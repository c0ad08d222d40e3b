import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createShop } from './shop.js';

const shop = createShop('test');
let url;

before(async () => {
  await new Promise((listening) => shop.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${shop.address().port}`;
});
after(() => shop.close());

test('greets', async () => {
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /hello from test/);
});

test('says that it is well', async () => {
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
});
