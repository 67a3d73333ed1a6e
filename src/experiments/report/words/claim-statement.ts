/** @file The sentence that says how a claim fared, computed from the numbers it was judged by. */
import { formatCount, formatPlural } from '../../../base/quantities.ts';
import type { Evidence } from '../data/evidence.ts';
import type { PairedComparison } from '../statistics/paired.ts';
import { leastP } from '../statistics/sign-flip.ts';
import { comparedWords, isLowBetter, measureWords } from './metric-words.ts';
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
  const { claim, names, verdict, comparison, counts } = evidence;
  if (counts !== undefined) return countStatement(names, counts);
  if (comparison === undefined) return `no common subject has ${comparedWords(claim)} of both yet`;
  if (verdict === 'not run yet') return soFarStatement(evidence, comparison);
  switch (claim.is) {
    case 'not worse':
      return marginStatement(evidence, comparison);
    case 'alike':
      return alikeStatement(evidence, comparison);
    case 'best':
      return bestStatement(evidence, comparison);
    case 'better':
    case 'worse':
      return testStatement(evidence, comparison);
    default:
      return claim.is satisfies never;
  }
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

/** Untested: whoever looks before the end, and stops where it suits, finds too much. */
function soFarStatement({ claim, names, planned }: Evidence, comparison: PairedComparison): string {
  const of = `${comparison.subjects} of ${formatPlural(planned, 'subject')}`;
  if (claim.is === 'best') return `${names[0]} is known of ${of}, not all others are`;
  return `${names[0]} against ${names[1]} on ${comparedWords(claim)}, ${of} so far: ${differenceText(comparison)}`;
}

function marginStatement(evidence: Evidence, comparison: PairedComparison) {
  const { claim, names, verdict, tooFew } = evidence;
  const label = comparedWords(claim);
  const [first, second] = names;
  const numbers = numbersOver(evidence, comparison);
  const margin = `on ${label} by more than ${claim.margin}`;
  if (tooFew) return `${first} against ${second} on ${label}: ${numbers}, too few to tell`;
  if (verdict === 'supported') return `${first} is not worse than ${second} ${margin}: ${numbers}`;
  if (verdict === 'contradicted') return `${first} is worse than ${second} ${margin}: ${numbers}`;
  return `Whether ${first} is worse than ${second} ${margin} stays open: ${numbers}${seenText(evidence)}`;
}

function alikeStatement(evidence: Evidence, comparison: PairedComparison): string {
  const { claim, names, verdict, tooFew } = evidence;
  const [first, second] = names;
  const numbers = numbersOver(evidence, comparison);
  const on = `on ${comparedWords(claim)}`;
  if (tooFew) return `${first} against ${second} ${on}: ${numbers}, too few to tell`;
  if (verdict === 'supported')
    return `${first} and ${second} are alike ${on}, within ${claim.margin}: ${numbers}`;
  if (verdict === 'contradicted')
    return `${first} and ${second} differ ${on} by more than ${claim.margin}: ${numbers}`;
  return `Whether ${first} and ${second} are alike ${on}, within ${claim.margin}, stays open: ${numbers}`;
}

function bestStatement(evidence: Evidence, comparison: PairedComparison): string {
  const { claim, names, verdict, tooFew, among = 0 } = evidence;
  const [first, second] = names;
  const what = `the best of ${among} on ${comparedWords(claim)}`;
  const isAhead = comparison.difference > 0 === (measureWords[claim.metric].better !== 'lower');
  const numbers = numbersOver(evidence, comparison);
  const against = `against ${second} ${numbers}`;
  if (tooFew) return `${first} against ${second}: ${numbers}, too few to tell`;
  if (verdict === 'supported') return `${first} is ${what}; ${against}`;
  if (verdict === 'contradicted') return `${first} is not ${what}; ${against}`;
  const which = isAhead ? 'least ahead of' : 'behind';
  return `Whether ${first} is ${what} stays open; it is ${which} ${second}: ${numbers}${seenText(evidence)}`;
}

function numbersOver(evidence: Evidence, comparison: PairedComparison): string {
  return `${differenceText(comparison)} over ${formatPlural(comparison.subjects, 'subject')}, ${probabilities(evidence)}`;
}

function testStatement(evidence: Evidence, comparison: PairedComparison): string {
  const { claim, names, verdict, tooFew, corrected } = evidence;
  const { better } = measureWords[claim.metric];
  const label = comparedWords(claim);
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
  if (better === 'neutral' && claim.across !== 'spread')
    return `${first} is ${side} than ${second} on ${label} ${among}: ${numbers}`;
  const beats = isHigher !== isLowBetter(claim);
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
