#include "history/column_codec.hpp"

#include "base/assert.hpp"
#include "base/bytes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>
#include <vector>

namespace vt::history {
namespace {

using Wide = unsigned __int128;
using Numbers = std::vector<std::uint64_t>;  // two's complement: differences may wrap and come back

constexpr std::int8_t kMaxScale = 18;
constexpr std::size_t kPriceColumns = 4;
constexpr std::size_t kVolumeColumn = 4;
constexpr std::size_t kTurnoverColumn = 5;

/// How a column is written.
enum class Mode : std::uint8_t {
    absent = 0,    ///< no row has it
    delta = 1,     ///< differences to the value before
    raw = 2,       ///< as it is: what jumps about
    candle = 3,    ///< open, high, low and close together, of one scale
    turnover = 4,  ///< difference to volume x mean price
};

std::uint64_t zigzag(std::uint64_t number) { return (number << 1U) ^ (0 - (number >> 63U)); }
std::uint64_t unzigzag(std::uint64_t number) { return (number >> 1U) ^ (0 - (number & 1U)); }
std::uint64_t bits(std::int64_t number) { return std::bit_cast<std::uint64_t>(number); }
std::int64_t number_of(std::uint64_t raw) { return std::bit_cast<std::int64_t>(raw); }

constexpr std::array<std::uint64_t, kMaxScale + 1> kPow10 = [] {
    std::array<std::uint64_t, kMaxScale + 1> powers{};
    std::uint64_t power = 1;
    for (auto& p : powers) {
        p = power;
        power *= 10;
    }
    return powers;
}();

/// `number` with `digits` more behind the point; nullopt: too large.
std::optional<std::int64_t> widened(std::int64_t number, int digits) {
    const auto factor = static_cast<std::int64_t>(kPow10[static_cast<std::size_t>(digits)]);
    const std::int64_t limit = std::numeric_limits<std::int64_t>::max() / factor;
    if (number > limit || number < -limit) return std::nullopt;
    return number * factor;
}

/// The numbers as planes of bytes: all lowest bytes, then all next. Alike bytes lie together, and zstd finds them.
void append_stream(const Numbers& zigzagged, std::string& out) {
    std::uint64_t all = 0;
    for (const std::uint64_t number : zigzagged) all |= number;
    const auto width = static_cast<unsigned>((std::bit_width(all) + 7) / 8);
    out += static_cast<char>(width);
    for (unsigned plane = 0; plane < width; ++plane) {
        for (const std::uint64_t number : zigzagged)
            out += std::bit_cast<char>(static_cast<std::uint8_t>(number >> (8 * plane)));
    }
}

/// False: the bytes hold no such stream.
bool take_stream(ByteReader& in, std::size_t count, Numbers& out) {
    const auto width = in.integer<std::uint8_t>();
    if (width > 8) return false;
    out.assign(count, 0);
    for (unsigned plane = 0; plane < width; ++plane) {
        const std::string_view bytes = in.bytes(count);
        if (bytes.size() != count) return false;
        for (std::size_t i = 0; i < count; ++i)
            out[i] |= std::uint64_t{std::bit_cast<std::uint8_t>(bytes[i])} << (8 * plane);
    }
    return in.is_intact();
}

/// The values of some columns counted in one scale.
struct Scaled {
    std::int8_t scale = 0;
    std::array<Numbers, kPriceColumns> columns;
};

std::optional<Scaled> to_one_scale(std::span<const Column> columns) {
    Scaled scaled;
    for (const Column& column : columns) {
        for (std::size_t row = 0; row < column.size(); ++row) {
            if (!column.is_present(row)) continue;
            scaled.scale = std::max(scaled.scale, normalised(column.mantissas[row], column.scales[row]).scale);
        }
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const Column& column = columns[i];
        for (std::size_t row = 0; row < column.size(); ++row) {
            if (!column.is_present(row)) continue;
            const Decimal value = normalised(column.mantissas[row], column.scales[row]);
            const auto wide = widened(value.mantissa, scaled.scale - value.scale);
            if (!wide) return std::nullopt;
            scaled.columns[i].push_back(bits(*wide));
        }
    }
    return scaled;
}

bool is_whole(const Column& column) {
    return std::none_of(column.scales.begin(), column.scales.end(), [](auto s) { return s == Column::kAbsent; });
}
bool is_empty(const Column& column) {
    return std::all_of(column.scales.begin(), column.scales.end(), [](auto s) { return s == Column::kAbsent; });
}

std::uint64_t higher(std::uint64_t a, std::uint64_t b) { return bits(std::max(number_of(a), number_of(b))); }
std::uint64_t lower(std::uint64_t a, std::uint64_t b) { return bits(std::min(number_of(a), number_of(b))); }

/// Open after the close before, close after open, high above and low below both: small numbers all.
void append_candles(Scaled& prices, std::string& out) {
    auto& [open, high, low, close] = prices.columns;
    out += static_cast<char>(prices.scale);
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < open.size(); ++i) {
        const std::uint64_t next_before = close[i];
        high[i] = zigzag(high[i] - higher(open[i], close[i]));
        low[i] = zigzag(lower(open[i], close[i]) - low[i]);
        close[i] = zigzag(close[i] - open[i]);
        open[i] = zigzag(open[i] - before);
        before = next_before;
    }
    for (const Numbers* stream : {&open, &close, &high, &low}) append_stream(*stream, out);
}

/// What the turnover of a bar would be if all of it had traded at the mean of its four prices. Only guesses: whatever
/// comes out is taken off when writing and put back when reading.
class TurnoverGuess {
public:
    TurnoverGuess(int price_scale, int volume_scale, int turnover_scale) {
        const int shift = turnover_scale - price_scale - volume_scale;
        for (int i = 0; i < shift; ++i) times_ *= 10;
        for (int i = shift; i < 0; ++i) divided_ *= 10;
    }
    [[nodiscard]] std::uint64_t operator()(Wide price_sum, std::uint64_t volume) const {
        return static_cast<std::uint64_t>(price_sum * volume / 4 * times_ / divided_);
    }

private:
    Wide times_ = 1;
    Wide divided_ = 1;
};

/// What the turnover's guess is made from, once the columns before it are known.
struct Basis {
    std::vector<Wide> price_sums;
    int price_scale = 0;
    Numbers volumes;
    int volume_scale = 0;
    [[nodiscard]] bool is_there() const { return !price_sums.empty() && price_sums.size() == volumes.size(); }
};

std::vector<Wide> sums_of(const std::array<Numbers, kPriceColumns>& prices) {
    std::vector<Wide> sums(prices.front().size());
    for (const Numbers& one : prices) {
        for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += one[i];
    }
    return sums;
}

Mode mode_of(Kind kind, std::size_t column, const Basis& basis) {
    if (kind != Kind::klines || column < kVolumeColumn) return Mode::delta;
    return column == kTurnoverColumn && basis.is_there() ? Mode::turnover : Mode::raw;
}

void to_residuals(Mode mode, const Basis& basis, std::int8_t scale, Numbers& numbers) {
    const TurnoverGuess guess(basis.price_scale, basis.volume_scale, scale);
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::uint64_t number = numbers[i];
        if (mode == Mode::delta) numbers[i] -= before;
        if (mode == Mode::turnover) numbers[i] -= guess(basis.price_sums[i], basis.volumes[i]);
        numbers[i] = zigzag(numbers[i]);
        before = number;
    }
}

void from_residuals(Mode mode, const Basis& basis, std::int8_t scale, Numbers& numbers) {
    const TurnoverGuess guess(basis.price_scale, basis.volume_scale, scale);
    std::uint64_t before = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        numbers[i] = unzigzag(numbers[i]);
        if (mode == Mode::delta) numbers[i] += before;
        if (mode == Mode::turnover) numbers[i] += guess(basis.price_sums[i], basis.volumes[i]);
        before = numbers[i];
    }
}

void append_presence(const Column& column, std::string& out) {
    out += static_cast<char>(is_whole(column) ? 0 : 1);
    if (is_whole(column)) return;
    std::string map((column.size() + 7) / 8, '\0');
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (!column.is_present(row)) continue;
        const auto byte = static_cast<unsigned>(std::bit_cast<std::uint8_t>(map[row / 8])) | (1U << (row % 8));
        map[row / 8] = std::bit_cast<char>(static_cast<std::uint8_t>(byte));
    }
    out += map;
}

constexpr const char* kOutOfRange = "a value is out of range";

/// One block being read.
class Decoding {
public:
    Decoding(std::string_view plain, Kind kind, const RowGrid& grid) : in_(plain), grid_(grid), table_(kind) {}

    /// nullptr, or what is wrong.
    const char* run() {
        if (!take_times()) return "its times do not ascend";
        for (std::size_t column = 0; column < table_.columns.size(); ++column) {
            if (const char* wrong = take_column(column)) return wrong;
        }
        return in_.is_intact() && in_.remaining() == 0 ? nullptr : "its columns do not fill it";
    }
    Table table() { return std::move(table_); }

private:
    bool take_times() {
        if (!take_stream(in_, grid_.rows - 1, numbers_)) return false;
        table_.reserve(grid_.rows);
        std::uint64_t at = bits(grid_.first_ms);
        table_.times_ms.push_back(grid_.first_ms);
        for (const std::uint64_t number : numbers_) {
            at += unzigzag(number) + bits(grid_.step_ms);
            if (number_of(at) <= table_.times_ms.back()) return false;
            table_.times_ms.push_back(number_of(at));
        }
        return true;
    }

    const char* take_column(std::size_t index) {
        const auto mode = static_cast<Mode>(in_.integer<std::uint8_t>());
        if (mode == Mode::candle) return take_candles(index);
        Column& column = table_.columns[index];
        if (mode == Mode::absent) {
            column.mantissas.assign(grid_.rows, 0);
            column.scales.assign(grid_.rows, Column::kAbsent);
            return nullptr;
        }
        if (mode != Mode::delta && mode != Mode::raw && mode != Mode::turnover) return "a column has an unknown mode";
        if (!take_presence(column)) return "a column's map of rows is cut";
        const auto scale = in_.integer<std::int8_t>();
        if (scale < 0 || scale > kMaxScale) return "a column's scale is out of range";
        const auto present = grid_.rows - static_cast<std::size_t>(std::count(column.scales.begin(),
                                                                              column.scales.end(), Column::kAbsent));
        if (!take_stream(in_, present, numbers_)) return "a column is cut";
        if (mode == Mode::turnover && (!basis_.is_there() || numbers_.size() != grid_.rows))
            return "a turnover has nothing to start from";
        from_residuals(mode, basis_, scale, numbers_);
        std::size_t next = 0;
        column.mantissas.assign(grid_.rows, 0);
        for (std::size_t row = 0; row < grid_.rows; ++row) {
            if (column.scales[row] == Column::kAbsent) continue;
            if (!take_value(numbers_[next++], column.mantissas[row])) return kOutOfRange;
            column.scales[row] = scale;
        }
        if (table_.kind == Kind::klines && index == kVolumeColumn && present == grid_.rows) {
            basis_.volumes = numbers_;
            basis_.volume_scale = scale;
        }
        return nullptr;
    }

    /// The lowest number of all has no positive twin, and no writer makes it.
    static bool take_value(std::uint64_t raw, std::int64_t& out) {
        out = number_of(raw);
        return out != std::numeric_limits<std::int64_t>::min();
    }

    bool take_presence(Column& column) {
        column.scales.assign(grid_.rows, 0);
        const auto kind = in_.integer<std::uint8_t>();
        if (kind == 0) return in_.is_intact();
        const std::string_view map = in_.bytes((grid_.rows + 7) / 8);
        if (kind != 1 || !in_.is_intact()) return false;
        for (std::size_t row = 0; row < grid_.rows; ++row) {
            const bool is_set = ((unsigned{std::bit_cast<std::uint8_t>(map[row / 8])} >> (row % 8)) & 1U) != 0;
            if (!is_set) column.scales[row] = Column::kAbsent;
        }
        return true;
    }

    const char* take_candles(std::size_t index) {
        if (index >= kPriceColumns || table_.columns.size() < kPriceColumns) return "a column has an unknown mode";
        if (index > 0) return basis_.price_sums.empty() ? "prices are told apart" : nullptr;
        const auto scale = in_.integer<std::int8_t>();
        if (scale < 0 || scale > kMaxScale) return "a column's scale is out of range";
        std::array<Numbers, kPriceColumns> prices;
        auto& [open, high, low, close] = prices;
        for (Numbers* stream : {&open, &close, &high, &low}) {
            if (!take_stream(in_, grid_.rows, *stream)) return "a column is cut";
        }
        std::uint64_t before = 0;
        for (std::size_t i = 0; i < grid_.rows; ++i) {
            open[i] = unzigzag(open[i]) + before;
            close[i] = unzigzag(close[i]) + open[i];
            high[i] = unzigzag(high[i]) + higher(open[i], close[i]);
            low[i] = lower(open[i], close[i]) - unzigzag(low[i]);
            before = close[i];
        }
        for (std::size_t column = 0; column < kPriceColumns; ++column) {
            table_.columns[column].scales.assign(grid_.rows, scale);
            table_.columns[column].mantissas.assign(grid_.rows, 0);
            for (std::size_t row = 0; row < grid_.rows; ++row) {
                if (!take_value(prices[column][row], table_.columns[column].mantissas[row])) return kOutOfRange;
            }
        }
        basis_.price_sums = sums_of(prices);
        basis_.price_scale = scale;
        return nullptr;
    }

    ByteReader in_;
    RowGrid grid_;
    Table table_;
    Basis basis_;
    Numbers numbers_;
};

}  // namespace

std::optional<std::string> encode_columns(const Table& rows, std::int64_t step_ms) {
    VT_ASSERT(!rows.empty());
    std::string out;
    Numbers numbers;
    for (std::size_t i = 1; i < rows.rows(); ++i)
        numbers.push_back(zigzag(bits(rows.times_ms[i] - rows.times_ms[i - 1] - step_ms)));
    append_stream(numbers, out);
    std::size_t column = 0;
    Basis basis;
    const bool has_prices = rows.kind == Kind::klines || rows.kind == Kind::mark_klines;
    if (has_prices && std::all_of(rows.columns.begin(), rows.columns.begin() + kPriceColumns, is_whole)) {
        if (auto prices = to_one_scale(std::span(rows.columns).first(kPriceColumns))) {
            basis.price_sums = sums_of(prices->columns);
            basis.price_scale = prices->scale;
            out += static_cast<char>(Mode::candle);
            append_candles(*prices, out);
            for (column = 1; column < kPriceColumns; ++column) out += static_cast<char>(Mode::candle);
        }
    }
    for (; column < rows.columns.size(); ++column) {
        const Column& values = rows.columns[column];
        if (is_empty(values)) {
            out += static_cast<char>(Mode::absent);
            continue;
        }
        auto scaled = to_one_scale(std::span(&values, 1));
        if (!scaled) return std::nullopt;
        Mode mode = mode_of(rows.kind, column, basis);
        if (mode == Mode::turnover && !is_whole(values)) mode = Mode::raw;
        out += static_cast<char>(mode);
        append_presence(values, out);
        out += static_cast<char>(scaled->scale);
        if (rows.kind == Kind::klines && column == kVolumeColumn && is_whole(values)) {
            basis.volumes = scaled->columns[0];
            basis.volume_scale = scaled->scale;
        }
        to_residuals(mode, basis, scaled->scale, scaled->columns[0]);
        append_stream(scaled->columns[0], out);
    }
    return out;
}

Result<Table> decode_columns(std::string_view plain, Kind kind, const RowGrid& grid) {
    if (grid.rows == 0) return fail(Errc::corrupt, "it holds no rows");
    Decoding decoding(plain, kind, grid);
    if (const char* wrong = decoding.run()) return fail(Errc::corrupt, wrong);
    return decoding.table();
}

}  // namespace vt::history
