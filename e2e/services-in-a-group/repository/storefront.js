import { createShop } from './shop.js';

createShop('storefront v1').listen(Number(process.env.PORT), '127.0.0.1');
