// Draws the charts of a page from the JSON beside each. The same figures stand in a table below, so
// a browser without scripts loses a picture and no fact.
import { BarChart, LineChart, SankeyChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent, AriaComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, SankeyChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);
const colours = ["#0a5c4f", "#b77400", "#a3231b", "#3b6ea5", "#6d5a8c", "#7c8680"];

interface Series { name: string; values: number[] }
// `row` lies on its side: for names that are longer than a column is wide.
interface Chart { kind: "bar" | "stack" | "line" | "row"; labels: string[]; series: Series[]; unit: string }

// Words of a chart grow with the page; never under 18 px for elder readers.
const root = getComputedStyle(document.documentElement);
const elder = document.documentElement.hasAttribute("data-elder");
const size = Math.max(elder ? 18 : 12, Number.parseFloat(root.fontSize) * 0.75);
const ink = root.getPropertyValue("--ink-soft").trim();

// Names of lying bars take so much of the width, on as many lines as they need.
const NAMES = 0.42;
function height(chart: Chart, width: number): number {
  const wide = (text: string) => Array.from(text).reduce((sum, c) => sum + ((c.codePointAt(0) ?? 0) > 0x2e80 ? size : size * 0.6), 0);
  const lines = chart.labels.map((text) => Math.ceil((wide(text) * 1.15) / (width * NAMES)));
  return Math.max(...lines, 2) * size * 1.35 * chart.labels.length + size * 3;
}

function options(chart: Chart, width: number): object {
  const lying = chart.kind === "row";
  const words = { fontSize: size, color: ink };
  const labels = lying
    ? { ...words, width: width * NAMES, overflow: "break", interval: 0, lineHeight: size * 1.25 }
    : { ...words, hideOverlap: true };
  const category = { type: "category", data: chart.labels, inverse: lying, axisLabel: labels, axisTick: { show: false } };
  const value = {
    type: "value", name: lying || chart.series.length > 1 ? "" : chart.unit, nameTextStyle: { align: "left", ...words },
    splitNumber: lying ? 2 : 4, axisLabel: { ...words, hideOverlap: true },
  };
  return {
    color: colours,
    textStyle: { fontFamily: root.getPropertyValue("--font") },
    aria: { enabled: true, decal: { show: chart.series.length > 1 } },
    animation: false,
    grid: { left: 4, right: size * 2, top: lying ? 4 : size * 2.8, bottom: 4, containLabel: true },
    legend: chart.series.length > 1 ? { top: 0, right: 0, textStyle: words, itemHeight: size, itemWidth: size * 1.6 } : undefined,
    tooltip: { trigger: "axis", confine: true, renderMode: "richText", textStyle: { fontSize: size } },
    xAxis: lying ? value : category,
    yAxis: lying ? category : value,
    series: chart.series.map((s) => ({
      name: s.name, type: chart.kind === "line" ? "line" : "bar", stack: chart.kind === "stack" ? "all" : undefined,
      data: s.values, barMaxWidth: 30,
    })),
  };
}

for (const place of Array.from(document.querySelectorAll<HTMLElement>("[data-chart]"))) {
  const source = document.getElementById(place.dataset.chart ?? "");
  if (!source) continue;
  const chart = JSON.parse(source.textContent ?? "{}") as Chart;
  if (chart.labels.length === 0) continue;
  place.style.display = "block";
  const fit = () => { if (chart.kind === "row") place.style.height = `${height(chart, place.clientWidth)}px`; };
  fit();
  const drawn = init(place, undefined, { renderer: "svg" });
  const draw = () => { fit(); drawn.resize(); drawn.setOption(options(chart, place.clientWidth)); };
  draw();
  window.addEventListener("resize", draw);
}
