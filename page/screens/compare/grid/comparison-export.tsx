/** @file A comparison as one file: a lettered picture, or a page that needs no other file. */
import type { Comparison } from '../../../../src/studio/interface/comparison-operations.ts';
import { useStudio } from '../../../backend/studio-provider.tsx';
import { useChange } from '../../../backend/use-look.ts';
import { Button } from '../../../parts/controls/button.tsx';
import { ErrorNotice } from '../../../parts/notice.tsx';
import { useWords } from '../../../words/use-words.tsx';
import styles from './comparison-view.module.css';

export function ComparisonExport({ comparison: { request } }: { readonly comparison: Comparison }) {
  const { t } = useWords();
  const studio = useStudio();
  const sheet = useChange('comparisons.sheet');
  const save = async (form: 'png' | 'html') => {
    const { download, name } = await sheet.mutateAsync({ request, form });
    const link = document.createElement('a');
    link.href = studio.downloadAddress(download);
    link.download = name;
    // In the document, where a page that saves files by itself hears of it.
    document.body.append(link);
    link.click();
    link.remove();
  };
  // What fails is shown by the mutation's own error.
  const shown = () => undefined;
  return (
    <div className={styles.line}>
      <Button isBusy={sheet.isPending} onClick={() => save('png').catch(shown)}>
        {t('compare.save-picture')}
      </Button>
      <Button isBusy={sheet.isPending} onClick={() => save('html').catch(shown)}>
        {t('compare.save-page')}
      </Button>
      <ErrorNotice error={sheet.error} />
    </div>
  );
}
