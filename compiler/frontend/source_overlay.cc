#include "compiler/frontend/source_overlay.h"

#include <utility>

namespace ray::compiler {
namespace {

namespace vfs = llvm::vfs;

// A file whose content is in memory, with the status of the one on disk but for the size.
class MemoryFile : public vfs::File {
 public:
  MemoryFile(vfs::Status status, std::unique_ptr<llvm::MemoryBuffer> buffer)
      : status_(std::move(status)), buffer_(std::move(buffer)) {}

  llvm::ErrorOr<vfs::Status> status() override { return status_; }
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> getBuffer(const llvm::Twine&, std::int64_t,
                                                               bool, bool) override {
    if (buffer_ == nullptr) return std::make_error_code(std::errc::bad_file_descriptor);
    return std::move(buffer_);
  }
  std::error_code close() override { return {}; }

 private:
  vfs::Status status_;
  std::unique_ptr<llvm::MemoryBuffer> buffer_;
};

std::unique_ptr<vfs::File> memory_file(const vfs::Status& status, llvm::StringRef text,
                                       llvm::StringRef path) {
  return std::make_unique<MemoryFile>(vfs::Status::copyWithNewSize(status, text.size()),
                                      llvm::MemoryBuffer::getMemBufferCopy(text, path));
}

}  // namespace

llvm::ErrorOr<vfs::Status> SourceOverlay::status(const llvm::Twine& path) {
  auto status = ProxyFileSystem::status(path);
  if (status) {
    const auto found = replaced_.find(path.str());
    if (found != replaced_.end()) {
      return vfs::Status::copyWithNewSize(*status, found->second.size());
    }
  }
  return status;
}

llvm::ErrorOr<std::unique_ptr<vfs::File>> SourceOverlay::openFileForRead(const llvm::Twine& twine) {
  const std::string path = twine.str();
  auto file = ProxyFileSystem::openFileForRead(path);
  if (!file) return file;
  auto status = (*file)->status();
  if (!status || !status->isRegularFile()) return file;

  if (const auto found = replaced_.find(path); found != replaced_.end()) {
    return memory_file(*status, found->second, path);
  }
  auto buffer = (*file)->getBuffer(path);
  if (!buffer) return buffer.getError();
  has_seen_library_ |= llvm::StringRef(path).ends_with("ray/ray.h");
  const llvm::StringRef text = (*buffer)->getBuffer();
  if (may_be_annotated(text)) {
    MaskedSource masked = mask_options(text);
    if (masked.is_annotated()) {
      if (first_annotation_) std::exchange(first_annotation_, nullptr)();
      // The hook may have found what this very file is to become.
      if (const auto found = replaced_.find(path); found != replaced_.end()) {
        return memory_file(*status, found->second, path);
      }
      AnnotatedFile& kept = annotated_[path];
      kept = {text.str(), std::move(masked)};
      return memory_file(*status, kept.masked.text, path);
    }
  }
  return std::unique_ptr<vfs::File>(new MemoryFile(*status, std::move(*buffer)));
}

}  // namespace ray::compiler
