/** @file The program of the process that makes one file of a comparison. */
import { encodePng } from '../../../data/image.ts';
import { contactSheet } from '../../../generate/contact-sheet.ts';
import { writeFileAtomic } from '../../../storage/files/atomic-file.ts';
import { answerQuestions } from '../../processes/answer-questions.ts';
import { pageOfSheet } from './page-of-sheet.ts';
import type { SheetQuestion } from './sheet-question.ts';
import { smallPicture } from './small-picture.ts';

/** Side of a picture on a lettered sheet, in pixels. */
const side = 256;

answerQuestions<SheetQuestion>(async (question): Promise<null> => {
  const { form, path } = question;
  await writeFileAtomic(
    path,
    form === 'html' ? await pageOfSheet(question) : await sheet(question),
  );
  return null;
});

async function sheet({ title, subtitle, columns, layers }: SheetQuestion): Promise<Uint8Array> {
  const rows = layers.flatMap((layer) =>
    layer.rows.map(async ({ label, pictures }, i) => ({
      label,
      note: layer.title,
      ...(i === 0 && { captions: columns }),
      images: await Promise.all(
        pictures.map(async (each) => each && (await smallPicture(each, side))),
      ),
    })),
  );
  const filled = (await Promise.all(rows)).map((row) => ({
    ...row,
    images: row.images.map((image) => image || undefined),
  }));
  return await encodePng(
    await contactSheet({ title, subtitle, rows: filled, columns: columns.length }),
  );
}
