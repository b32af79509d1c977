/**
 * CloudWatch's statistics: the five plain ones, IQM, percentiles, and trimmed or winsorised means, counts and
 * sums (`tm90`, `wm95.5`, `TM(10%:90%)`), and percentile ranks (`PR(:300)`).
 */
export function isStatistic(text: string): boolean {
  return (
    /^(SampleCount|Average|Sum|Minimum|Maximum|IQM)$/.test(text) ||
    /^(p|tm|wm|tc|ts)(100|\d{1,2}(\.\d{1,10})?)$/.test(text) ||
    /^(TM|WM|TC|TS|PR)\((\d{1,10}(\.\d{1,10})?%?)?:(\d{1,10}(\.\d{1,10})?%?)?\)$/.test(text)
  );
}

export const statisticHint = "must be Average, Sum, Minimum, Maximum, SampleCount, p99 or the like";
