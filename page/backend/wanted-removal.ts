/** @file That everything is to be removed is said to the next load of the page: only before its Studio begins are all files free. */

const wanted = 'krona removal';

/** Loads the page again, which removes everything. */
export function removeEverything(): void {
  sessionStorage.setItem(wanted, 'true');
  location.reload();
}

/** Whether the page is on its way to that. */
export function isRemovalWanted(): boolean {
  return sessionStorage.getItem(wanted) !== null;
}

/** Whether it was wanted; asked once, it is so no more. */
export function takeWantedRemoval(): boolean {
  const isWanted = isRemovalWanted();
  sessionStorage.removeItem(wanted);
  return isWanted;
}
