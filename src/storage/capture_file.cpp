#include "storage/capture_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace vt::storage {
namespace {

constexpr std::string_view kArrow = " -> ";

bool is_address(std::string_view line) { return line.starts_with("wss://") || line.starts_with("https://"); }
bool is_configuration(std::string_view line) { return line.starts_with("configuration: "); }

template <class T>
bool read_number(std::string_view text, T& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
}

/// Between `before` and the next `after`; empty where there is none.
std::string_view between(std::string_view text, std::string_view before, char after) {
    const std::size_t start = text.find(before);
    if (start == std::string_view::npos) return {};
    text.remove_prefix(start + before.size());
    return text.substr(0, std::min(text.find(after), text.size()));
}

/// A document that was cut short ends otherwise. Whether it is JSON is for the venue's decoder to say.
bool is_whole_object(std::string_view text) { return text.starts_with('{') && text.ends_with('}'); }

/// "1633998512.0633569" to the last digit.
std::optional<Timestamp> seconds_stamp(std::string_view text) {
    const std::size_t point = std::min(text.find('.'), text.size());
    std::int64_t seconds = 0;
    std::int64_t fraction = 0;
    if (!read_number(text.substr(0, point), seconds)) return std::nullopt;
    std::string digits(text.substr(std::min(point + 1, text.size())));
    if (digits.size() > 9) return std::nullopt;
    digits.resize(9, '0');
    if (!read_number(std::string_view(digits), fraction) || fraction < 0) return std::nullopt;
    return Timestamp{std::chrono::seconds{seconds} + Nanos{fraction}};
}

bool take_stamped(std::string_view line, CaptureRecord& record) {
    const std::size_t space = line.find(' ');
    std::int64_t stamp = 0;
    if (space == std::string_view::npos || !read_number(line.substr(0, space), stamp)) return false;
    record.at = from_ns(stamp);
    record.text = line.substr(space + 1);
    record.is_snapshot = record.text.starts_with("{\"lastUpdateId\"");
    return is_whole_object(record.text);
}

bool take_bybit(std::string_view line, CaptureRecord& record) {
    std::int64_t stamp = 0;
    if (!read_number(between(line, "\"ts\":", ','), stamp)) return false;
    record.at = from_ms(stamp);
    record.text = line;
    record.is_snapshot = false;
    return is_whole_object(record.text);
}

bool take_cryptofeed(std::string_view line, CaptureRecord& record) {
    record.is_snapshot = is_address(line);
    if (record.is_snapshot) {
        record.symbol = between(line, "symbol=", '&');
        line.remove_prefix(std::min(line.find(kArrow) + kArrow.size(), line.size()));
    }
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) return false;
    const std::optional<Timestamp> at = seconds_stamp(line.substr(0, colon));
    if (!at) return false;
    record.at = *at;
    record.text = line.substr(colon + 2);
    return is_whole_object(record.text) && (!record.is_snapshot || record.text.starts_with("{\"lastUpdateId\""));
}

/// By the first line that is not empty.
std::optional<CaptureContent> recognise(std::string_view line) {
    CaptureRecord record;
    CaptureContent content;
    if (is_address(line)) {
        content.format = CaptureFormat::cryptofeed;
        const std::string_view host = between(line, "//", '/');
        if (host.find("binance") == std::string_view::npos) return std::nullopt;
        content.category =
            host.starts_with('f') ? market::Category::linear : market::Category::spot;  // fapi, fstream
        return content;
    }
    if (line.starts_with("{\"topic\":\"orderbook.") && take_bybit(line, record)) {
        content.format = CaptureFormat::bybit_frames;
        content.venue = market::Venue::bybit;
        return content;
    }
    if (take_stamped(line, record)) {
        content.category = market::Category::spot;  // until a futures frame says otherwise
        return content;
    }
    return std::nullopt;
}

void look_at(std::string_view line, CaptureContent& content) {
    std::string_view symbol = between(line, "\"s\":\"", '"');
    if (symbol.empty() && is_address(line)) symbol = between(line, "symbol=", '&');
    if (!symbol.empty() &&
        std::find(content.symbols.begin(), content.symbols.end(), symbol) == content.symbols.end()) {
        content.symbols.emplace_back(symbol);
    }
    // Only the depth frames of Binance's futures carry the last id of the frame before.
    if (content.format == CaptureFormat::stamped_frames && content.category == market::Category::spot &&
        line.find("\"e\":\"depthUpdate\"") != std::string_view::npos &&
        line.find("\"pu\":") != std::string_view::npos) {
        content.category = market::Category::linear;
    }
}

/// Lines of a cryptofeed capture that are no records by intention.
bool is_note(std::string_view line, CaptureFormat format) {
    if (line.empty()) return true;
    if (format != CaptureFormat::cryptofeed) return false;
    const bool is_reply = is_address(line) && line.find(kArrow) != std::string_view::npos;
    return is_configuration(line) || (is_address(line) && !is_reply) ||
           (is_reply && line.find("/depth?") == std::string_view::npos);
}

}  // namespace

CaptureFile::CaptureFile(LineReader reader, CaptureContent content)
    : reader_(std::move(reader)), content_(std::move(content)) {}

Result<CaptureFile> CaptureFile::open(const std::filesystem::path& path) {
    VT_TRY(LineReader look, LineReader::open(path));
    std::optional<CaptureContent> content;
    for (;;) {
        VT_TRY(const std::optional<std::string_view> line, look.next());
        if (!line) break;
        if (line->empty()) continue;
        if (!content) {
            content = recognise(*line);
            if (!content) {
                return fail(Errc::unsupported,
                            path.string() +
                                " is no capture that can be read: expected lines of \"<receive ns> "
                                "<json>\", Bybit order book frames, or a cryptofeed capture");
            }
        }
        look_at(*line, *content);
    }
    if (!content || content->symbols.empty()) {
        return fail(Errc::unsupported, path.string() + " holds no frame that names a symbol");
    }
    VT_TRY(LineReader reader, LineReader::open(path));
    return CaptureFile(std::move(reader), std::move(*content));
}

Result<bool> CaptureFile::next(CaptureRecord& record) {
    for (;;) {
        VT_TRY(const std::optional<std::string_view> line, reader_.next());
        if (!line) return false;
        if (is_note(*line, content_.format)) continue;
        if (take(*line, record)) return true;
        if (skipped_lines_++ == 0) first_skipped_ = reader_.name() + ":" + std::to_string(reader_.line_number());
    }
}

bool CaptureFile::take(std::string_view line, CaptureRecord& record) const {
    switch (content_.format) {
        case CaptureFormat::stamped_frames:
            record.symbol = content_.symbols.front();
            return take_stamped(line, record);
        case CaptureFormat::bybit_frames: return take_bybit(line, record);
        case CaptureFormat::cryptofeed: return take_cryptofeed(line, record);
    }
    return false;
}

}  // namespace vt::storage
