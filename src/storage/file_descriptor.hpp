#pragma once

#include <cstdint>
#include <string_view>

namespace vt::storage {

/// An open file of the system, closed when it goes.
class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int number) : number_(number) {}
    FileDescriptor(FileDescriptor&& other) noexcept;
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;
    ~FileDescriptor();

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool is_open() const { return number_ >= 0; }

    /// Writes all of `bytes` at the end of a file of `size` bytes. Where it cannot, a part that was written is cut
    /// off again as far as that can be done.
    ///   out: 0, or the errno of what failed
    [[nodiscard]] int append(std::string_view bytes, std::uint64_t size) const;

private:
    int number_ = -1;
};

}  // namespace vt::storage
