import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';
import { snapshotSchema } from '../../src/snapshot/schema.ts';

describe('the schema of a saved snapshot', () => {
  test('says the same as the types', () => {
    expectTypeOf<z.infer<typeof snapshotSchema>>().toEqualTypeOf<Snapshot>();
    expectTypeOf<z.input<typeof snapshotSchema>>().toEqualTypeOf<Snapshot>();
  });

  test('can be published as JSON Schema', () => {
    const published = z.toJSONSchema(snapshotSchema) as { readonly required?: readonly string[] };
    expect(published.required).toContain('node');
  });
});
