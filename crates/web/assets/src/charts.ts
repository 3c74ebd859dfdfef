// Draws the charts of a page from the JSON beside each. The same figures stand in a table below, so
// a browser without scripts loses a picture and no fact.
import { BarChart, LineChart, SankeyChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent, AriaComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, SankeyChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);
const colours = ["#0a5c4f", "#b77400", "#a3231b", "#3b6ea5", "#6d5a8c", "#7c8680"];

interface Series { name: string; values: number[] }
interface Chart { kind: "bar" | "stack" | "line"; labels: string[]; series: Series[]; unit: string }

function options(chart: Chart): object {
  const type = chart.kind === "line" ? "line" : "bar";
  const stack = chart.kind === "stack" ? "all" : undefined;
  return {
    color: colours,
    aria: { enabled: true, decal: { show: chart.series.length > 1 } },
    animation: false,
    grid: { left: 8, right: 12, top: 34, bottom: 8, containLabel: true },
    legend: chart.series.length > 1 ? { top: 0, left: 0 } : undefined,
    tooltip: { trigger: "axis", confine: true, renderMode: "richText" },
    xAxis: { type: "category", data: chart.labels },
    yAxis: { type: "value", name: chart.unit, nameTextStyle: { align: "left" } },
    series: chart.series.map((s) => ({ name: s.name, type, stack, data: s.values, barMaxWidth: 34 })),
  };
}

for (const place of Array.from(document.querySelectorAll<HTMLElement>("[data-chart]"))) {
  const source = document.getElementById(place.dataset.chart ?? "");
  if (!source) continue;
  place.style.display = "block";
  const chart = init(place, undefined, { renderer: "svg" });
  chart.setOption(options(JSON.parse(source.textContent ?? "{}")));
  window.addEventListener("resize", () => chart.resize());
}
