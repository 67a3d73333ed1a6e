/** @file Texts of an axis, one a line. */
import { useState } from 'react';
import { TextArea } from '../../../parts/controls/field.tsx';

interface LineValuesProps {
  readonly label: string;
  readonly hint: string;
  readonly values: readonly unknown[];
  readonly onChange: (values: readonly string[]) => void;
}

export function LineValues({ label, hint, values, onChange }: LineValuesProps) {
  const [text, setText] = useState(values.join('\n'));
  const isOurs = linesOf(text).join('\n') === values.join('\n');
  return (
    <TextArea
      label={label}
      hint={hint}
      rows={Math.min(6, Math.max(3, values.length))}
      value={isOurs ? text : values.join('\n')}
      onChange={({ target }) => {
        setText(target.value);
        onChange(linesOf(target.value));
      }}
    />
  );
}

/** Each once, without those that are empty. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}
