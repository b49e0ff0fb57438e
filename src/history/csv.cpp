#include "history/csv.hpp"

#include "history/row_check.hpp"
#include "storage/input_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace vt::history {
namespace {

constexpr std::string_view kZstdMagic = "\x28\xB5\x2F\xFD";

struct Alias {
    std::string_view theirs;
    std::string_view ours;
};
/// Names in other exporters' files: freqtrade, ccxt scripts, data.binance.vision, Bybit's and TradingView's
/// downloads.
constexpr std::array kAliases = {Alias{"funding_rate", "rate"},
                                 Alias{"fundingrate", "rate"},
                                 Alias{"last_funding_rate", "rate"},
                                 Alias{"quote_volume", "turnover"},
                                 Alias{"quote_asset_volume", "turnover"},
                                 Alias{"count", "trades"},
                                 Alias{"number_of_trades", "trades"},
                                 Alias{"taker_buy_base_asset_volume", "taker_buy_volume"},
                                 Alias{"sum_open_interest", "open_interest"},
                                 Alias{"sum_open_interest_value", "open_interest_value"},
                                 Alias{"longaccount", "long_share"},
                                 Alias{"shortaccount", "short_share"},
                                 Alias{"buyratio", "long_share"},
                                 Alias{"sellratio", "short_share"}};
/// Time columns; of the first two the unit is sure, of the others it is told by the size.
constexpr std::array<std::string_view, 8> kTimes = {"time_ms",   "ts_ms",     "timestamp", "time",
                                                    "open_time", "calc_time", "date",      "datetime"};
/// Columns that are derived from others, or of no meaning.
constexpr std::array<std::string_view, 6> kPassedOver = {
    "close_time", "taker_buy_quote_volume", "taker_buy_quote_asset_volume", "ignore",
    "symbol",     "funding_interval_hours"};

template <class Names>
bool is_one_of(std::string_view text, const Names& names) {
    return std::find(names.begin(), names.end(), text) != names.end();
}

std::string column_name(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty() && (text.front() == ' ' || text.front() == '"')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '"')) text.remove_suffix(1);
    std::string name;
    for (const char c : text) name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == ' ' ? '_' : c;
    for (const Alias& alias : kAliases) {
        if (alias.theirs == name) return std::string(alias.ours);
    }
    return name;
}

void split(std::string_view line, std::vector<std::string_view>& out) {
    out.clear();
    for (;;) {
        const std::size_t comma = line.find(',');
        out.push_back(line.substr(0, comma));
        if (comma == std::string_view::npos) return;
        line.remove_prefix(comma + 1);
    }
}

std::string cited(std::string_view text) {
    return "'" + std::string(text.substr(0, 60)) + (text.size() > 60 ? "...'" : "'");
}

Result<bool> has_open_end(const std::filesystem::path& path) {
    VT_TRY(const storage::InputFile file, storage::InputFile::open(path));
    std::string bytes;
    if (Result<void> read = file.read(0, kZstdMagic.size(), bytes); !read)
        return tl::unexpected<Error>(std::move(read.error()));
    if (bytes == kZstdMagic || file.size() == 0) return false;  // zstd notices by itself when it was cut
    if (Result<void> read = file.read(file.size() - 1, 1, bytes); !read)
        return tl::unexpected<Error>(std::move(read.error()));
    return bytes != "\n";
}

}  // namespace

std::string csv_header(Kind kind) {
    std::string text = "time_ms";
    for (const std::string_view column : columns_of(kind)) text += "," + std::string(column);
    return text;
}

void append_csv_row(const Table& rows, std::size_t row, std::string& out) {
    out += std::to_string(rows.times_ms[row]);
    for (const Column& column : rows.columns) {
        out += ',';
        if (const auto value = column.at(row)) out += value->to_string();
    }
    out += '\n';
}

CsvReader::CsvReader(storage::LineReader reader, const CsvParams& params)
    : reader_(std::move(reader)),
      params_(params),
      field_of_column_(columns_of(params.kind).size()),
      before_(params.kind) {}

tl::unexpected<Error> CsvReader::refuse(const std::string& what) const {
    return fail(Errc::malformed, reader_.name() + " line " + std::to_string(reader_.line_number()) + " " + what);
}

Result<CsvReader> CsvReader::open(const std::filesystem::path& path, const CsvParams& params) {
    VT_TRY(const bool is_open, has_open_end(path));
    VT_TRY(storage::LineReader lines, storage::LineReader::open(path));
    CsvReader reader(std::move(lines), params);
    reader.is_last_line_open_ = is_open;
    if (params.day_start_ms) {
        reader.fields_ = required_columns(params.kind) + 1;
        for (std::size_t i = 0; i + 1 < reader.fields_; ++i) reader.field_of_column_[i] = i + 1;
        return reader;
    }
    if (Result<void> header = reader.take_header(); !header) return tl::unexpected<Error>(std::move(header.error()));
    return reader;
}

Result<void> CsvReader::take_header() {
    VT_TRY(const std::optional<std::string_view> line, reader_.next());
    if (!line) return fail(Errc::malformed, reader_.name() + " is empty; expected " + csv_header(params_.kind));
    split(*line, texts_);
    fields_ = texts_.size();
    const auto columns = columns_of(params_.kind);
    const std::string expected = "; expected a header like " + csv_header(params_.kind);
    bool has_time = false;
    for (std::size_t field = 0; field < fields_; ++field) {
        const std::string name = column_name(texts_[field]);
        if (is_one_of(name, kTimes) && !has_time) {
            has_time = true;
            time_field_ = field;
            is_time_in_ms_ = name.ends_with("_ms");
            continue;
        }
        const auto* const found = std::find(columns.data(), columns.data() + columns.size(), name);
        if (found != columns.data() + columns.size()) {
            auto& place = field_of_column_[static_cast<std::size_t>(found - columns.data())];
            if (place) return refuse("names the column " + cited(name) + " twice" + expected);
            place = field;
            continue;
        }
        const bool is_empty_volume = params_.kind == Kind::mark_klines && name == "volume";
        if (!is_one_of(name, kPassedOver) && !is_empty_volume)
            return refuse("has a column " + cited(texts_[field]) + " that is not known for " +
                          std::string(history::name(params_.kind)) + expected);
    }
    if (!has_time) return refuse("has no column of times (time_ms)" + expected);
    for (std::size_t i = 0; i < required_columns(params_.kind); ++i) {
        if (!field_of_column_[i]) return refuse("lacks the column " + std::string(columns[i]) + expected);
    }
    return {};
}

Result<std::int64_t> CsvReader::time_of(std::string_view text) const {
    constexpr std::int64_t kSecondsEnd = 100'000'000'000;             // as ms this is March 1973
    constexpr std::int64_t kMicrosecondsStart = 100'000'000'000'000;  // as ms this is the year 5138
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        std::string plain(column_name(text));
        std::replace(plain.begin(), plain.end(), '_', 'T');
        std::replace(plain.begin(), plain.end(), 't', 'T');
        if (plain.ends_with("+00:00")) plain.resize(plain.size() - 6);
        if (plain.ends_with("z")) plain.pop_back();
        if (!is_time_in_ms_ && plain.size() >= 10 && plain[4] == '-') {
            if (Result<std::int64_t> time = parse_time_ms(plain)) return *time;
        }
        return refuse("has a time that is none: " + cited(text));
    }
    if (params_.day_start_ms) {
        if (number < 0 || number >= 86'400'000) return refuse("has a time outside its day: " + cited(text));
        return *params_.day_start_ms + number;
    }
    if (!is_time_in_ms_ && number >= 0 && number < kSecondsEnd) number *= 1000;
    if (!is_time_in_ms_ && number >= kMicrosecondsStart) number /= 1000;
    if (number < kSecondsEnd || number > 9'000'000'000'000)
        return refuse("has a time out of range (" + cited(text) + "); milliseconds since 1970 are expected");
    return number;
}

Result<void> CsvReader::take_row(std::string_view line, Table& rows) {
    split(line, texts_);
    if (texts_.size() != fields_) {
        const std::string counts =
            "has " + std::to_string(texts_.size()) + " fields, expected " + std::to_string(fields_);
        return refuse(counts + (texts_.size() < fields_ ? "; a file that ends here was cut off: get it again" : ""));
    }
    VT_TRY(std::int64_t time, time_of(texts_[time_field_]));
    if (params_.kind == Kind::funding) time -= time % 1000;  // as the venues' own replies are stored
    if (params_.step_ms > 0 && time % params_.step_ms != 0) {
        return refuse("has the time " + format_time(time) + ", at which no bar of " +
                      timeframe_name(params_.step_ms) + " begins; check --timeframe and the unit of the times");
    }
    rows.times_ms.push_back(time);
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        const std::string_view text = field_of_column_[i] ? texts_[*field_of_column_[i]] : std::string_view{};
        if (text.empty() && i < required_columns(params_.kind))
            return refuse("has no " + std::string(columns_of(params_.kind)[i]));
        if (text.empty()) {
            rows.columns[i].push(std::nullopt);
            continue;
        }
        const Result<Decimal> value = parse_decimal(text);
        if (!value)
            return refuse("has a " + std::string(columns_of(params_.kind)[i]) +
                          " that is no number of at most 18 digits: " + cited(text));
        rows.columns[i].push(*value);
    }
    if (const std::string wrong = contradiction(rows, rows.rows() - 1); !wrong.empty()) return refuse(wrong);
    return follow(rows);
}

/// The last row comes behind the one before, or repeats it and is taken off again.
Result<void> CsvReader::follow(Table& rows) {
    const std::size_t row = rows.rows() - 1;
    const Table& before = row > 0 ? rows : before_;
    const std::size_t before_row = row > 0 ? row - 1 : 0;
    const std::int64_t time = rows.times_ms[row];
    if (!before_line_ || time > before.times_ms[before_row]) {
        before_line_ = reader_.line_number();
        lines_.push_back(*before_line_);
        return {};
    }
    const std::string line = "line " + std::to_string(*before_line_);
    if (time < before.times_ms[before_row]) {
        return refuse("goes back to " + format_time(time) + " after " + format_time(before.times_ms[before_row]) +
                      " in " + line + "; sort the rows by their time, oldest first");
    }
    if (!same_values(rows, row, before, before_row)) {
        return refuse("has another row for " + format_time(time) + " than " + line +
                      "; keep the right one of the two");
    }
    ++repeated_;
    rows.drop_last();
    return {};
}

Result<Table> CsvReader::next(std::size_t rows) {
    Table table(params_.kind);
    table.reserve(rows);
    lines_.clear();
    while (table.rows() < rows) {
        VT_TRY(const std::optional<std::string_view> line, reader_.next());
        if (!line) {
            const std::uint64_t last = reader_.line_number();
            if (!is_last_line_open_ || params_.is_open_end_accepted || last == 0) break;
            return refuse(
                "is the last and has no line end, so the file may be cut off; get it again, or say "
                "--accept-open-end if it is whole");
        }
        if (line->empty()) continue;
        if (Result<void> taken = take_row(*line, table); !taken)
            return tl::unexpected<Error>(std::move(taken.error()));
    }
    before_.clear();
    if (!table.empty()) before_.append(table, table.rows() - 1, 1);
    return table;
}

}  // namespace vt::history
