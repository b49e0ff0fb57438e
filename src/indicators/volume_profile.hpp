#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace vt::indicators {

/// How the value area grows from the busiest row: by the busier of the next two rows above and below, two at a time
/// (the rule of the Chicago Board of Trade, the one we publish), or row by row. They give different areas.
enum class ValueAreaRule : std::uint8_t { two_rows, one_row };

/// Where most of the volume changed hands. Prices are centres of rows.
struct ValueArea {
    double point_of_control = 0;  ///< the busiest row
    double high = 0;
    double low = 0;
    double volume = 0;  ///< inside
    double total = 0;
    bool operator==(const ValueArea&) const = default;
};

/// Volume by price, in rows of equal height.
class VolumeProfile {
public:
    /// Rows beyond this are refused: a profile of a day has some hundreds.
    static constexpr std::size_t kMaxRows = 8192;
    static constexpr double kValueShare = 0.7;

    /// Row i is centred on i * row_height, i any integer.
    explicit VolumeProfile(double row_height);

    /// All of the volume at one price. False when the row would lie too far from the others. cost: O(1), allocates to
    /// grow
    bool add(double price, double volume);
    /// The volume spread evenly over low..high: what is known of a bar. cost: O(rows)
    bool add_range(double low, double high, double volume);
    /// Starts anew, with rows of another height. Keeps its memory.
    void reset(double row_height);

    [[nodiscard]] double row_height() const { return row_height_; }
    [[nodiscard]] double total() const { return total_; }
    [[nodiscard]] std::size_t row_count() const { return rows_.size(); }
    /// Calls visit(centre, volume) for each row between the lowest and the highest that was filled, lowest first.
    template <class Visit>
    void visit_rows(Visit&& visit) const {
        for (std::size_t i = 0; i < rows_.size(); ++i)
            visit(static_cast<double>(first_row_ + static_cast<std::int64_t>(i)) * row_height_, rows_[i]);
    }
    /// Volume of the row that holds the price.
    [[nodiscard]] double volume_at(double price) const;
    /// The busiest row and the rows around it that hold at least 70 % of the volume. Of equally busy rows the one
    /// nearest to the average price is the busiest, then the lower; of equally busy sides the upper is added.
    ///   out:  absent without volume
    ///   cost: O(rows)
    ///   source: Steidlmayer's market profile; CBOT Market Profile handbook for the two-row rule
    [[nodiscard]] std::optional<ValueArea> value_area(ValueAreaRule rule = ValueAreaRule::two_rows) const;

private:
    [[nodiscard]] bool is_countable(double price) const;
    [[nodiscard]] std::int64_t row_of(double price) const;
    [[nodiscard]] double* row_at(std::int64_t row);

    double row_height_;
    std::int64_t first_row_ = 0;
    std::vector<double> rows_;
    double total_ = 0;
    double price_volume_ = 0;  // sum of row centre x volume
};

}  // namespace vt::indicators
