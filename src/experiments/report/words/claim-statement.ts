/** @file The sentence that says how a claim fared, computed from the numbers it was judged by. */
import { formatCount, formatPlural } from '../../../base/quantities.ts';
import type { Evidence } from '../data/evidence.ts';
import type { PairedComparison } from '../statistics/paired.ts';
import { leastP } from '../statistics/sign-flip.ts';
import { measureWords } from './metric-words.ts';
import { change, equals, probability, range, score } from './number-words.ts';

/** One sentence without its full stop. */
export function claimStatement(evidence: Evidence): string {
  const { from } = evidence;
  const statement = ownStatement(evidence);
  return from === undefined
    ? statement
    : `${statement}; as judged in ${from}, which has the same measurement`;
}

function ownStatement(evidence: Evidence): string {
  const { claim, names, comparison, counts } = evidence;
  if (counts !== undefined) return countStatement(names, counts);
  if (comparison === undefined) {
    const what = measureWords[claim.metric].label;
    return `${names[0]} and ${names[1]} have no ${what} of a common subject yet`;
  }
  if (claim.is === 'not worse') return marginStatement(evidence, comparison);
  return testStatement(evidence, comparison);
}

function countStatement(
  [first, second]: Evidence['names'],
  [ofFirst, ofSecond]: readonly [number, number],
): string {
  const counts = `${formatCount(ofFirst)} against ${formatCount(ofSecond)}`;
  if (ofFirst === ofSecond) {
    return `${first} and ${second} train equally many parameters: ${formatCount(ofFirst)}`;
  }
  const relation = ofFirst < ofSecond ? 'fewer' : 'more';
  const share = ofSecond === 0 ? '' : `, ${Number(((100 * ofFirst) / ofSecond).toPrecision(3))} %`;
  return `${first} trains ${relation} parameters than ${second}: ${counts}${share}`;
}

function marginStatement(evidence: Evidence, comparison: PairedComparison) {
  const { claim, names, verdict, tooFew } = evidence;
  const label = measureWords[claim.metric].label;
  const [first, second] = names;
  const numbers = `${differenceText(comparison)} over ${formatPlural(comparison.subjects, 'subject')}, ${probabilities(evidence)}`;
  const margin = `on ${label} by more than ${claim.margin}`;
  if (tooFew) return `${first} against ${second} on ${label}: ${numbers}, too few to tell`;
  if (verdict === 'supported') return `${first} is not worse than ${second} ${margin}: ${numbers}`;
  if (verdict === 'contradicted') return `${first} is worse than ${second} ${margin}: ${numbers}`;
  return `Whether ${first} is worse than ${second} ${margin} stays open: ${numbers}${seenText(evidence)}`;
}

function testStatement(evidence: Evidence, comparison: PairedComparison): string {
  const { claim, names, verdict, tooFew, corrected } = evidence;
  const { label, better } = measureWords[claim.metric];
  const [first, second] = names;
  const { subjects, higher, lower, difference } = comparison;
  const isHigher = difference > 0;
  const among = `in ${isHigher ? higher : lower} of ${formatPlural(subjects, 'subject')}`;
  const side = isHigher ? 'higher' : 'lower';
  if (tooFew) {
    const tests = corrected !== undefined && corrected.claims > 1;
    const why = tests ? `, with ${corrected.claims} claims tested together` : '';
    return `${first} is ${side} than ${second} on ${label} ${among}, ${differenceText(comparison)}: too few subjects to tell (the least possible p is ${probability(leastP(subjects)).slice(2)}${why})`;
  }
  const numbers = `${differenceText(comparison)}, ${probabilities(evidence)}`;
  if (verdict === 'cannot tell') {
    return `${first} and ${second} cannot be told apart on ${label}: ${side} ${among}, ${numbers}${seenText(evidence)}`;
  }
  if (better === 'neutral')
    return `${first} is ${side} than ${second} on ${label} ${among}: ${numbers}`;
  const beats = isHigher === (better === 'higher');
  return `${first} ${beats ? 'beats' : 'loses to'} ${second} on ${label} ${among}: ${numbers}`;
}

function differenceText({ difference, interval, effect }: PairedComparison): string {
  if (interval === undefined) return change(difference);
  const size = effect === undefined ? '' : `, d ${equals(effect)}`;
  return `${change(difference)} (95 % ${range(interval)}${size})`;
}

/** What the number of subjects could have shown. */
function seenText({ leastSeen }: Evidence): string {
  return leastSeen === undefined ? '' : `; ${score(leastSeen)} would have been seen`;
}

function probabilities({ p, corrected }: Evidence): string {
  if (p === undefined) return 'not tested';
  const text = `p ${probability(p)}`;
  if (corrected === undefined || corrected.claims === 1) return text;
  const after = probability(corrected.p).replace('= ', '');
  return `${text} (${after} with Holm's correction for ${corrected.claims} claims)`;
}
