import { createShop } from './shop.js';

createShop('v3').listen(Number(process.env.PORT), '127.0.0.1');
