import { describe, expect, it } from '@jest/globals';
import { addressOf, readImageName } from './read-image-name.ts';

const digest = `sha256:${'a'.repeat(64)}`;

describe('the name of an image', () => {
  it.each([
    { image: `registry.example.com/team/shop@${digest}`, host: 'registry.example.com', repository: 'team/shop' },
    { image: `127.0.0.1:5000/shop:v1@${digest}`, host: '127.0.0.1:5000', repository: 'shop' },
    { image: `localhost/shop@${digest}`, host: 'localhost', repository: 'shop' },
    { image: `team/shop@${digest}`, host: 'docker.io', repository: 'team/shop' },
    { image: `nginx:1@${digest}`, host: 'docker.io', repository: 'library/nginx' },
  ])('says where $image is', ({ image, host, repository }) => {
    expect(readImageName(image)).toEqual({ host, repository, digest });
  });

  it.each(['shop:latest', 'shop@sha256:abc', `example.com/../admin@${digest}`, `example.com/a?b@${digest}`])(
    'is not guessed from %s',
    (image) => {
      expect(readImageName(image)).toBeNull();
    },
  );

  it('leads to the API of Docker Hub, which has another name', () => {
    expect([addressOf('docker.io'), addressOf('ghcr.io')]).toEqual(['registry-1.docker.io', 'ghcr.io']);
  });
});
