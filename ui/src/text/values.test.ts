import { expect, it } from 'vitest';
import { valueText } from './values';

it('a cast says who plays what, as far as that is known', () => {
  const cast = {
    names: ['Sigourney Weaver', 'Tom Skerritt'],
    roles: ['Ripley', ''],
    pictures: ['https://image.invalid/weaver.jpg', ''],
  };
  expect(valueText({ cast }, 'source')).toBe('Sigourney Weaver as Ripley, Tom Skerritt');
  expect(valueText({ tags: cast.names }, 'plex')).toBe('Sigourney Weaver, Tom Skerritt');
});
