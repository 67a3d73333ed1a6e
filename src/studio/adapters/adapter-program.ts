/** @file The program of the process that works on adapters: it looks into them, and makes new ones of them. */
import { extract } from '../../api/extracting.ts';
import { merge } from '../../api/merging.ts';
import type { Listener, NoteEvent } from '../../base/listener.ts';
import { summarizeErrors } from '../../convert/error-summary.ts';
import { answerQuestions } from '../processes/answer-questions.ts';
import type { AdapterAnswer, AdapterQuestion } from './adapter-question.ts';
import { convertedFile } from './converted-file.ts';
import { factorSizes } from './factor-sizes.ts';
import { inspectedAdapter } from './inspected-adapter.ts';

answerQuestions<AdapterQuestion>(async (question, { signal }): Promise<AdapterAnswer> => {
  const notes: string[] = [];
  const listener: Listener<NoteEvent | { readonly type: string }> = (event) => {
    if (event.type === 'note' && 'message' in event) notes.push(event.message);
  };
  const host = { listener, signal };
  switch (question.task) {
    case 'inspect':
      return await inspectedAdapter(question.path);
    case 'grid':
      return await factorSizes(question);
    case 'convert': {
      const made = await convertedFile(question, host);
      return { ...made, notes };
    }
    case 'merge': {
      const { task: _, ...asked } = question;
      const { errors } = await merge({ into: 'adapter', ...asked }, host);
      return { notes, errors: summarizeErrors(errors) };
    }
    case 'extract': {
      const { task: _, ...asked } = question;
      const { form, errors, unchanged, outside } = await extract(asked, host);
      return { notes, form, unchanged, outside, errors: summarizeErrors(errors) };
    }
    default:
      return question satisfies never;
  }
});
