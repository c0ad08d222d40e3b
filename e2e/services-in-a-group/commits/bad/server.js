import { createShop } from './shop.js';

createShop('v2').listen(Number(process.env.PORT), '127.0.0.1');
