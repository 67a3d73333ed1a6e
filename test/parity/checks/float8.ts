/** @file Floats of eight bits: every code's number, and the codes of numbers. */
import { fromFloat8, narrowFloat8 } from '../../../src/tensor/float8.ts';
import { type Check, compared } from '../check.ts';
import { readFixtureTensors } from '../fixture.ts';

/** Compares both ways, exactly; every NaN of a sign is one. */
export async function checkFloat8(folder: string): Promise<Check[]> {
  const expected = await readFixtureTensors(folder);
  return (['f8e4m3', 'f8e5m2'] as const).flatMap((dtype) => {
    const values = expected.float32(`${dtype}/values`);
    const numbers = expected.float32(`${dtype}/numbers`);
    const codes = expected.uint8(`${dtype}/codes`).data;
    const found = narrowFloat8(numbers.data, dtype);
    const widened = values.data.map((_, code) => fromFloat8(code, dtype));
    const wrong = (own: ArrayLike<number>, theirs: ArrayLike<number>) =>
      Array.from(theirs).filter((value, i) => !Object.is(own[i], value)).length;
    return [
      compared(`${dtype}/values`, wrong(widened, values.data), 0),
      compared(`${dtype}/codes`, wrong(found, codes), 0),
    ];
  });
}
