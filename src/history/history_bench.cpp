#include "history/series_writer.hpp"
#include "history/test_rows.hpp"
#include "storage/line_reader.hpp"
#include "storage/temporary_directory.hpp"

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace vt::history {
namespace {

/// A recorded month of one-minute bars where the shared data is there, else a generated one.
Table bars() {
    const char* shared = std::getenv("VIRTUOSO_SHARED");
    const std::filesystem::path folder =
        shared != nullptr ? std::filesystem::path(shared) : std::filesystem::path(VT_SOURCE_DIR) / "../shared";
    auto lines = storage::LineReader::open(
        folder / "data/ohlcv/C_binance_1m_2025-05_06_GPL/klines_1m/binance_usdm_BTCUSDT.csv.zst");
    if (!lines) return test_bars(43'200);
    Table table(Kind::klines);
    (void)lines->next();
    for (auto line = lines->next(); line && *line; line = lines->next()) {
        std::vector<std::string_view> fields;
        std::string_view rest = **line;
        for (std::size_t comma = 0; comma != std::string_view::npos; rest.remove_prefix(comma + 1)) {
            comma = rest.find(',');
            fields.push_back(rest.substr(0, comma));
            if (comma == std::string_view::npos) break;
        }
        const std::string_view time = fields.front();
        fields.erase(fields.begin());
        add_row(table, std::atoll(std::string(time).c_str()), fields);
    }
    return table;
}

Series series() { return {.symbol = "BTCUSDT", .kind = Kind::klines, .step_ms = kTestStep}; }

/// The argument is how many rows each append has: 1000 is a page of the venue's.
void store(benchmark::State& state) {
    const Table table = bars();
    const auto page = static_cast<std::size_t>(state.range(0));
    storage::Compressor compressor(kCompressionLevel);
    std::size_t bytes = 0;
    for (auto _ : state) {
        bytes = 0;
        for (std::size_t first = 0; first < table.rows(); first += page) {
            Table rows(Kind::klines);
            rows.append(table, first, std::min(page, table.rows() - first));
            std::string out;
            append_blocks(rows, {0, 1}, Source::venue, kTestStep, compressor, out);
            bytes += out.size();
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(table.rows()));
    state.counters["bytes_per_bar"] = static_cast<double>(bytes) / static_cast<double>(table.rows());
}
BENCHMARK(store)->Arg(1000)->Arg(4096)->Unit(benchmark::kMillisecond);

void read_all(benchmark::State& state) {
    const Table table = bars();
    std::string bytes = encode_file_header({.series = series()});
    storage::Compressor compressor(kCompressionLevel);
    append_blocks(table, {}, Source::import, kTestStep, compressor, bytes);
    for (auto _ : state) {
        SeriesReader reader = std::move(*SeriesReader::open_memory(bytes, "bench"));
        benchmark::DoNotOptimize(reader.read_all()->rows());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(table.rows()));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK(read_all)->Unit(benchmark::kMicrosecond);

/// One hour out of the month: opening, finding the block, decoding it.
void read_an_hour(benchmark::State& state) {
    const Table table = bars();
    std::string bytes = encode_file_header({.series = series()});
    storage::Compressor compressor(kCompressionLevel);
    append_blocks(table, {}, Source::import, kTestStep, compressor, bytes);
    const std::int64_t from = table.times_ms[table.rows() / 2];
    for (auto _ : state) {
        SeriesReader reader = std::move(*SeriesReader::open_memory(bytes, "bench"));
        benchmark::DoNotOptimize(reader.read({from, from + 60 * kTestStep})->rows());
    }
}
BENCHMARK(read_an_hour)->Unit(benchmark::kMicrosecond);

/// The same rows as CSV text, parsed into the same columns: what the file format is compared with.
void parse_csv(benchmark::State& state) {
    const Table table = bars();
    std::string text;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        text += std::to_string(table.times_ms[row]);
        for (const Column& column : table.columns)
            text += "," + (column.is_present(row) ? column.at(row)->to_string() : "");
        text += '\n';
    }
    for (auto _ : state) {
        Table parsed(Kind::klines);
        std::string_view rest = text;
        while (!rest.empty()) {
            std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(line.size() + 1);
            std::size_t comma = line.find(',');
            std::int64_t time = 0;
            for (const char digit : line.substr(0, comma)) time = time * 10 + (digit - '0');
            parsed.times_ms.push_back(time);
            for (Column& column : parsed.columns) {
                line.remove_prefix(comma + 1);
                comma = std::min(line.find(','), line.size());
                const std::string_view field = line.substr(0, comma);
                column.push(field.empty() ? std::nullopt : std::optional(*parse_decimal(field)));
            }
        }
        benchmark::DoNotOptimize(parsed.rows());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(table.rows()));
    state.counters["bytes_per_bar"] = static_cast<double>(text.size()) / static_cast<double>(table.rows());
}
BENCHMARK(parse_csv)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace vt::history
