#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vt::notify {

/// A file that goes with an alert.
struct Attachment {
    std::string name;          ///< "score.png"
    std::string content_type;  ///< "image/png"
    std::string bytes = {};
    [[nodiscard]] bool is_image() const { return content_type.starts_with("image/"); }
};

inline constexpr std::size_t kAttachmentsMax = 4;
inline constexpr std::size_t kAttachedBytesMax = std::size_t{8} << 20U;  ///< in all; Discord takes 10 MiB

/// What of these may go with one message, at most as many and as much as above. The names are then made of letters,
/// digits, '-', '_' and '.', and differ; a type that is not one becomes application/octet-stream.
[[nodiscard]] std::vector<Attachment> sendable(std::vector<Attachment> attachments);

struct FormPart {
    std::string name;
    std::string_view content;
    std::string file_name = {};     ///< empty: a plain field
    std::string content_type = {};  ///< empty: none is given
};
struct Form {
    std::string content_type;  ///< with the boundary
    std::string body;
};
/// multipart/form-data (RFC 7578). The boundary is the digest of the parts, so that equal parts give equal bytes, and
/// no part can hold it.
///   in: names, file names and types: as this program makes them: no quote, no line end
[[nodiscard]] Form form_of(std::span<const FormPart> parts);

}  // namespace vt::notify
