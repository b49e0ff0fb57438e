#pragma once

#include "base/result.hpp"
#include "history/table.hpp"
#include "storage/line_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vt::history {

/// "time_ms,open,high,low,close,volume,turnover,trades,taker_buy_volume"
[[nodiscard]] std::string csv_header(Kind kind);
/// Appends one line with its end; what is absent is empty.
void append_csv_row(const Table& rows, std::size_t row, std::string& out);

struct CsvParams {
    Kind kind = Kind::klines;
    std::int64_t step_ms = 0;
    /// The file has no header; its columns are the time in ms since this instant and then the kind's, in order.
    std::optional<std::int64_t> day_start_ms;
    /// A file that ends without a line end is taken for whole.
    bool is_open_end_accepted = false;
};

/// The rows of a CSV file (plain or zstd), checked one by one, in bounded memory. The header names the columns, in
/// any order and by the names that exporters use; docs/history.md lists them.
///
/// Every refusal names the file and the line: a header that lacks a column or has an unknown one, a line of too many
/// or too few fields, a text that is no number, a bar whose prices contradict each other, a time off the timeframe's
/// grid, times that do not ascend, two different rows of one time, a file that was cut off.
class CsvReader {
public:
    /// errors: not_found, io, corrupt, malformed (the header)
    [[nodiscard]] static Result<CsvReader> open(const std::filesystem::path& path, const CsvParams& params);

    /// The next rows, at most `rows`; an empty table at the end.
    ///   errors: io, corrupt, malformed
    [[nodiscard]] Result<Table> next(std::size_t rows);
    /// The line of each row of the last table.
    [[nodiscard]] const std::vector<std::uint64_t>& lines() const { return lines_; }
    /// Rows that repeated the one before, word for word.
    [[nodiscard]] std::uint64_t repeated() const { return repeated_; }

private:
    CsvReader(storage::LineReader reader, const CsvParams& params);
    [[nodiscard]] Result<void> take_header();
    [[nodiscard]] Result<void> take_row(std::string_view line, Table& rows);
    [[nodiscard]] Result<void> follow(Table& rows);
    [[nodiscard]] Result<std::int64_t> time_of(std::string_view text) const;
    [[nodiscard]] tl::unexpected<Error> refuse(const std::string& what) const;

    storage::LineReader reader_;
    CsvParams params_;
    bool is_last_line_open_ = false;
    bool is_time_in_ms_ = true;
    std::size_t fields_ = 0;
    std::size_t time_field_ = 0;
    std::vector<std::optional<std::size_t>> field_of_column_;
    std::vector<std::string_view> texts_;
    Table before_;  ///< the last row of the last table
    std::optional<std::uint64_t> before_line_;
    std::vector<std::uint64_t> lines_;
    std::uint64_t repeated_ = 0;
};

}  // namespace vt::history
